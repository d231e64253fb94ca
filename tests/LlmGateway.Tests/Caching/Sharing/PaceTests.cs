using CsCheck;
using LlmGateway.Caching.Sharing;

namespace LlmGateway.Tests.Caching.Sharing;

/// <summary>The provider waits for the fastest reader, and for nobody who has left.</summary>
public class PaceTests
{
    private const int Window = 8;

    private static readonly AnswerHead Streamed = new(200, "text/event-stream", null, []);

    /// <summary>Sizes of pieces, some larger than the window; and of each reader, before which read it leaves (0 for never).</summary>
    private static readonly Gen<(int[] Pieces, int[] Leaves)> Runs = Gen.Select(Gen.Int[1, 20].Array[1, 40], Gen.Int[0, 30].Array[1, 6]);

    [Fact]
    public async Task Whatever_the_sizes_and_whoever_leaves_the_provider_comes_to_its_end_and_so_does_everybody_who_stays()
    {
        await Runs.SampleAsync(
            async run =>
            {
                var abandoned = 0;
                var log = new AnswerLog(new SharingOptions { Window = Window, MostBehind = long.MaxValue }) { Abandoned = () => Interlocked.Increment(ref abandoned) };
                var readers = run.Leaves.Select(leaves => (Leaves: leaves, Reader: log.TryJoin(static () => Assert.Fail("nobody is late"))!)).ToList();
                log.Begin(Streamed);
                var written = new List<byte>();
                var reading = readers.ConvertAll(one => Task.Run(() => ReadAsync(one.Reader, one.Leaves)));
                foreach (var piece in run.Pieces)
                {
                    var bytes = Enumerable.Range(0, piece).Select(i => (byte)(written.Count + i)).ToArray();
                    await log.AppendAsync(bytes, default).AsTask().WaitAsync(TimeSpan.FromMinutes(1));
                    written.AddRange(bytes);
                }

                log.End(ReadState.End);
                foreach (var (read, one) in reading.Zip(readers))
                {
                    var got = await read.WaitAsync(TimeSpan.FromMinutes(1));
                    if (one.Leaves == 0)
                    {
                        Assert.Equal(written, got);
                    }
                }

                Assert.True(abandoned <= (run.Leaves.Contains(0) ? 0 : 1));
            },
            iter: 300);
    }

    [Fact]
    public async Task A_provider_that_waits_is_let_go_when_the_reader_that_it_waits_for_leaves()
    {
        var log = new AnswerLog(new SharingOptions { Window = Window });
        log.Begin(Streamed);
        var reader = log.TryJoin(static () => { })!;
        var appending = log.AppendAsync(new byte[Window * 2], default).AsTask();
        Assert.False(appending.IsCompleted);

        reader.Leave();

        await appending.WaitAsync(TimeSpan.FromMinutes(1));
    }

    private static async Task<List<byte>> ReadAsync(AnswerReader reader, int leaves)
    {
        var read = new List<byte>();
        await reader.BeginAsync();
        for (var i = 1; i != leaves; i++)
        {
            if (await reader.NextAsync() is not ReadState.More)
            {
                return read;
            }

            read.AddRange(reader.Bytes.Span);
        }

        reader.Leave();
        return read;
    }
}
