using System.Collections.Concurrent;
using CsCheck;
using LlmGateway.Caching.Sharing;

namespace LlmGateway.Tests.Caching.Sharing;

public class AnswerLogTests
{
    private static readonly AnswerHead Streamed = new(200, "text/event-stream", null, []);
    private static readonly AnswerHead Whole = new(200, "application/json", 100, []);
    private static readonly SharingOptions Roomy = new();

    /// <summary>0 to 5: append that many bytes. 6: a reader joins. 7: one leaves. 8: let others run.</summary>
    private static readonly Gen<int[]> Steps = Gen.Int[0, 8].Array[0, 60];

    [Fact]
    public async Task Whoever_stays_reads_all_of_it_in_order_whenever_it_came()
    {
        await Steps.SampleAsync(
            async steps =>
            {
                var log = new AnswerLog(Roomy, pinned: true);
                log.Begin(Streamed);
                var written = new List<byte>();
                var readers = new List<(AnswerReader Reader, Task<List<byte>> Read)>();
                foreach (var step in steps)
                {
                    switch (step)
                    {
                        case 6:
                            var reader = log.TryJoin(static () => Assert.Fail("nobody is late"))!;
                            readers.Add((reader, Task.Run(() => ReadAsync(reader))));
                            break;
                        case 7 when readers.Count > 0:
                            readers[0].Reader.Leave();
                            await readers[0].Read;
                            readers.RemoveAt(0);
                            break;
                        case 8:
                            await Task.Yield();
                            break;
                        case <= 5:
                            var bytes = Enumerable.Range(0, step).Select(i => (byte)(written.Count + i)).ToArray();
                            await log.AppendAsync(bytes, default);
                            written.AddRange(bytes);
                            break;
                    }
                }

                log.End(ReadState.End);
                foreach (var (_, read) in readers)
                {
                    Assert.Equal(written, await read);
                }
            },
            iter: 300);
    }

    [Fact]
    public async Task The_fastest_reader_sets_the_pace()
    {
        var log = new AnswerLog(new SharingOptions { Window = 100 });
        log.Begin(Streamed);
        var slow = log.TryJoin(static () => { })!;
        var fast = log.TryJoin(static () => { })!;
        Assert.True(log.AppendAsync(new byte[100], default).IsCompleted);
        var waiting = log.AppendAsync(new byte[50], default).AsTask();
        Assert.False(waiting.IsCompleted);

        // The piece is at hand, and not yet written.
        await fast.NextAsync();
        Assert.False(waiting.IsCompleted);
        await fast.NextAsync();

        await waiting.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(2, log.Readers);
        slow.Leave();
    }

    [Fact]
    public async Task A_piece_larger_than_the_window_makes_nobody_wait_for_ever()
    {
        var log = new AnswerLog(new SharingOptions { Window = 10 });
        log.Begin(Streamed);
        var reader = log.TryJoin(static () => { })!;
        var writing = log.AppendAsync(new byte[100], default).AsTask();

        Assert.Equal(ReadState.More, await reader.NextAsync());
        var reading = reader.NextAsync().AsTask();

        await writing.WaitAsync(TimeSpan.FromMinutes(1));
        log.End(ReadState.End);
        Assert.Equal(ReadState.End, await reading.WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task Who_is_too_far_behind_is_cut_loose_and_the_others_go_on()
    {
        var cut = new ConcurrentBag<string>();
        var log = new AnswerLog(new SharingOptions { Window = 1000, MostBehind = 200 });
        log.Begin(Streamed);
        var slow = log.TryJoin(() => cut.Add("slow"))!;
        var fast = log.TryJoin(() => cut.Add("fast"))!;
        for (var i = 0; i < 3; i++)
        {
            Assert.Empty(cut);
            await log.AppendAsync(new byte[80], default);
            await fast.NextAsync();
        }

        Assert.Equal(["slow"], cut);

        Assert.Equal(ReadState.Left, await slow.NextAsync());
        log.End(ReadState.End);
        Assert.Equal(ReadState.End, await fast.NextAsync());
    }

    [Fact]
    public async Task A_whole_answer_cuts_nobody_loose()
    {
        var log = new AnswerLog(new SharingOptions { Window = 10, MostBehind = 10, Prefix = 1000 });
        log.Begin(Whole);
        var reader = log.TryJoin(static () => Assert.Fail("it is not late"))!;
        await log.AppendAsync(new byte[100], default);
        log.End(ReadState.End);

        Assert.Equal(100, (await ReadAsync(reader)).Count);
    }

    [Fact]
    public async Task Whoever_comes_late_gets_the_beginning_as_long_as_it_is_kept()
    {
        var log = new AnswerLog(new SharingOptions { Prefix = 10 }, pinned: true);
        log.Begin(Streamed);
        await log.AppendAsync("12345"u8.ToArray(), default);
        var late = log.TryJoin(static () => { })!;
        await log.AppendAsync("67890!"u8.ToArray(), default);

        Assert.Null(log.TryJoin(static () => { }));
        log.End(ReadState.End);
        Assert.Equal("1234567890!"u8.ToArray(), await ReadAsync(late));
    }

    [Theory]
    [InlineData(ReadState.Failed)]
    [InlineData(ReadState.Broken)]
    public async Task What_failed_is_joined_by_nobody_and_told_to_all_who_wait(object how)
    {
        var log = new AnswerLog(Roomy);
        var waiting = log.TryJoin(static () => { })!.BeginAsync().AsTask();

        log.End((ReadState)how);

        Assert.Equal((ReadState)how, await waiting.WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Null(log.TryJoin(static () => { }));
    }

    [Fact]
    public void It_is_abandoned_once_when_the_last_has_left_and_joined_by_nobody_then()
    {
        var abandoned = 0;
        var log = new AnswerLog(Roomy) { Abandoned = () => abandoned++ };
        var (one, two) = (log.TryJoin(static () => { })!, log.TryJoin(static () => { })!);

        one.Leave();
        one.Leave();
        Assert.Equal(0, abandoned);
        two.Leave();
        two.Leave();

        Assert.Equal(1, abandoned);
        Assert.Null(log.TryJoin(static () => { }));
    }

    [Fact]
    public void What_has_ended_is_not_abandoned()
    {
        var log = new AnswerLog(Roomy) { Abandoned = static () => Assert.Fail("it has ended") };
        var reader = log.TryJoin(static () => { })!;
        log.Begin(Streamed);
        log.End(ReadState.End);
        reader.Leave();
        Assert.NotNull(log.TryJoin(static () => { }));
    }

    [Fact]
    public async Task Joining_while_the_last_one_leaves_either_keeps_it_going_or_fails()
    {
        for (var i = 0; i < 2000; i++)
        {
            var abandoned = 0;
            var log = new AnswerLog(Roomy) { Abandoned = () => Interlocked.Increment(ref abandoned) };
            var last = log.TryJoin(static () => { })!;
            var leaving = Task.Run(last.Leave);
            var joined = log.TryJoin(static () => { });
            await leaving;
            Assert.Equal(joined is null ? 1 : 0, abandoned);
        }
    }

    private static async Task<List<byte>> ReadAsync(AnswerReader reader)
    {
        var read = new List<byte>();
        await reader.BeginAsync();
        while (await reader.NextAsync() is ReadState.More)
        {
            read.AddRange(reader.Bytes.Span);
        }

        return read;
    }
}
