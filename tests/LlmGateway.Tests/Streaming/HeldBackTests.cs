using LlmGateway.Catalog;
using LlmGateway.Protocols.Errors;
using LlmGateway.Upstream;

namespace LlmGateway.Tests.Streaming;

/// <summary>Streams that are held back until they are whole: of a broken one nothing is seen.</summary>
public class HeldBackTests
{
    private static readonly string Whole = Wire.Answer(["Rivers", " carry"], usage: Wire.Usage(9, 4));

    [Fact]
    public async Task A_stream_cut_at_any_byte_before_its_finish_lets_nothing_through()
    {
        var bytes = Wire.Bytes(Whole);
        var finished = Whole.IndexOf(Wire.Finish(), StringComparison.Ordinal) + Wire.Finish().Length;
        for (var at = 0; at < finished - 2; at++)
        {
            foreach (var end in new[] { ProviderEnd.Closes, ProviderEnd.Breaks })
            {
                using var rig = new StreamRig(rule: MidStreamRule.Buffer);

                Assert.Null(await rig.RunAsync(new ProviderBytes(bytes[..at], 64, end)));
                Assert.Equal(ErrorClass.BadGateway, rig.Attempts[0].Outcome!.Class);
                Assert.Empty(rig.Settled);
            }
        }
    }

    [Fact]
    public async Task The_attempt_is_settled_behind_the_last_event_and_before_the_mark()
    {
        using var rig = new StreamRig(rule: MidStreamRule.Buffer);

        using var answer = await rig.OpenAsync(new ProviderBytes(Whole, 100));
        Assert.Empty(rig.Settled);
        await using var stream = await answer!.Stream!.ReadAsStreamAsync();
        var bytes = new byte[Whole.Length];
        var read = await stream.ReadAsync(bytes);

        Assert.Equal(Whole[..^Wire.Done.Length], System.Text.Encoding.UTF8.GetString(bytes, 0, read));
        Assert.Empty(rig.Settled);
        Assert.Equal(Wire.Done.Length, await stream.ReadAsync(bytes));
        Assert.Equal([1], rig.Settled);
        Assert.Equal(AttemptResult.Succeeded, rig.Attempts[0].Outcome!.Result);
        Assert.Equal(StreamRig.Start, rig.Attempts[0].FirstEventAt);
    }

    [Fact]
    public async Task Usage_that_the_client_did_not_ask_for_is_left_out()
    {
        using var rig = new StreamRig("""{"model":"chat","messages":[],"stream":true}""", MidStreamRule.Buffer);

        var stream = await rig.RunAsync(Whole);

        Assert.Equal(Wire.Answer(["Rivers", " carry"]), stream);
        Assert.Equal(4, rig.Attempts[0].Usage.OutputTokens);
    }

    [Fact]
    public async Task Without_the_mark_it_is_whole_all_the_same_and_gets_one()
    {
        using var rig = new StreamRig(rule: MidStreamRule.Buffer);

        Assert.Equal(Whole, await rig.RunAsync(Whole[..^Wire.Done.Length]));
    }

    [Fact]
    public async Task More_than_an_answer_may_have_is_not_held()
    {
        using var rig = new StreamRig(rule: MidStreamRule.Buffer, maxResponseBody: 10_000);

        Assert.Null(await rig.RunAsync(new ProviderBytes(Wire.Role() + string.Concat(Enumerable.Repeat(Wire.Content("water"), 100)) + Wire.Finish() + Wire.Done, 1000)));
        Assert.Contains("server.max_response_body", rig.Attempts[0].Outcome!.Detail, StringComparison.Ordinal);
        Assert.NotEqual(0, rig.Attempts[0].ReceivedTextBytes);
    }

    [Fact]
    public async Task Silence_behind_the_first_event_is_a_fault_that_nobody_sees()
    {
        using var rig = new StreamRig(rule: MidStreamRule.Buffer);

        Assert.Null(await rig.RunAsync(new ProviderBytes(Wire.Role() + Wire.Content("Riv"), end: ProviderEnd.Stalls) { Exhausted = () => rig.Time.Advance(TimeSpan.FromSeconds(30)) }));

        Assert.Equal(ErrorClass.Timeout, rig.Attempts[0].Outcome!.Class);
        Assert.Contains("timeouts.idle", rig.Attempts[0].Outcome!.Detail, StringComparison.Ordinal);
        Assert.Equal("Riv"u8, rig.Attempts[0].ReceivedText.Span);
    }
}
