using LlmGateway.Catalog;
using LlmGateway.Upstream;

namespace LlmGateway.Tests.Streaming;

/// <summary>An event that is not JSON is left out where the stream becomes whole all the same, and is the fault where it does not.</summary>
public class MalformedEventTests
{
    private const string Garbage = "data: {\"choices\":[{\"delta\":{\"content\":\"gar\n\n";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_stream_that_recovers_and_finishes_is_whole_without_it(int place)
    {
        var events = new[] { Wire.Role(), Wire.Content("Riv"), Wire.Content("ers"), Wire.Finish() + Wire.Usage(9, 4) + Wire.Done };
        foreach (var rule in Enum.GetValues<MidStreamRule>())
        {
            using var rig = new StreamRig(rule: rule);

            var stream = await rig.RunAsync(string.Concat(events.Take(place)) + Garbage + string.Concat(events.Skip(place)));

            Assert.Equal(string.Concat(events), stream);
            Assert.Equal(AttemptResult.Succeeded, rig.Attempts[0].Outcome!.Result);
            Assert.Equal(4, rig.Attempts[0].Usage.OutputTokens);
        }
    }

    [Theory]
    [InlineData(Wire.Done)]
    [InlineData("")]
    public async Task A_stream_that_never_becomes_whole_fails_by_it(string end)
    {
        using var rig = new StreamRig(rule: MidStreamRule.Error);

        var stream = await rig.RunAsync(Wire.Role() + Wire.Content("Riv") + Garbage + Wire.Content("ers") + end);

        Assert.Equal(("Rivers", "upstream_error", false), (new ClientView(stream!).Content, new ClientView(stream!).Error, new ClientView(stream!).IsDone));
        Assert.Equal("it sent an event that is not JSON", rig.Attempts[0].Outcome!.Detail);
        Assert.Equal("Rivers"u8, rig.Attempts[0].ReceivedText.Span);
    }

    [Theory]
    [InlineData(Garbage, "it sent an event that is not JSON")]
    [InlineData(Garbage + Wire.Done, "it sent an event that is not JSON")]
    [InlineData(Wire.Done, "its stream ended before it said anything")]
    [InlineData("data: {\"cho", "its stream ended before it said anything")]
    public async Task Nothing_but_it_lets_nothing_through(string wire, string detail)
    {
        using var rig = new StreamRig();

        Assert.Null(await rig.RunAsync(wire));
        Assert.Equal(detail, rig.Attempts[0].Outcome!.Detail);
        Assert.Empty(rig.Prefixes);
    }

    [Fact]
    public async Task What_a_broken_connection_left_of_an_event_is_not_called_that()
    {
        using var rig = new StreamRig(rule: MidStreamRule.Error);

        var stream = await rig.RunAsync(Wire.Role() + Wire.Content("Riv") + "data: {\"cho");

        Assert.Equal("upstream_error", new ClientView(stream!).Error);
        Assert.Equal("its stream ended in the middle of the answer", rig.Attempts[0].Outcome!.Detail);
    }

    [Fact]
    public async Task An_event_that_is_called_an_error_is_one_whatever_it_holds()
    {
        using var rig = new StreamRig(rule: MidStreamRule.Error);

        var stream = await rig.RunAsync(Wire.Role() + Wire.Content("Riv") + "event: error\ndata: it broke\n\n" + Wire.Finish() + Wire.Done);

        Assert.Equal(("upstream_error", false), (new ClientView(stream!).Error, new ClientView(stream!).IsDone));
    }

    [Fact]
    public async Task Text_of_the_garbage_is_not_taken_for_delivered()
    {
        using var rig = new StreamRig();
        rig.Then(Wire.Answer(["Rivers carry"], "two"));

        var view = new ClientView((await rig.RunAsync(new ProviderBytes(Wire.Role() + Wire.Content("Riv") + "data: {\"choices\":[{\"delta\":{\"content\":\"gar\"\n\n" + Wire.Content("ers"), end: ProviderEnd.Breaks)))!);

        Assert.Equal(("Rivers carry", true), (view.Content, view.IsDone));
        Assert.Equal(["Rivers"], rig.Prefixes);
    }
}
