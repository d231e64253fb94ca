using CsCheck;

namespace LlmGateway.Tests.Streaming;

/// <summary>Calls of tools are gone on with only where what was delivered of them is the beginning of the new ones.</summary>
public class ResumeToolTests
{
    private const string Arguments = """{"city":"Köln \"am\" Rhein 😀","days":3}""";

    [Fact]
    public void Arguments_are_joined_wherever_they_were_cut() =>
        Gen.Select(Gen.Int[0, Arguments.Length], Gen.Int[1, 9], Gen.Int[1, 9], Gen.Int[1, 60]).Sample((cut, one, two, perRead) =>
        {
            var delivered = Runes(Arguments)[..Math.Min(cut, Runes(Arguments).Length)];
            using var rig = new StreamRig();
            rig.Then(new ProviderBytes(
                Wire.Role("two") + Wire.ToolStart(0, "call_two", "weather", "two") + Parts(Runes(Arguments), two, "two") + Wire.Finish("two", "tool_calls") + Wire.Done, perRead));

            var view = Run(rig, Wire.Role() + Wire.ToolStart(0, "call_one", "weather") + Parts(delivered, one, "one"));

            Assert.Equal(("call_one", "weather", Arguments), Assert.Single(view.Tools).Value);
            Assert.Equal((null, true), (view.Error, view.IsDone));
            Assert.Equal(["tool_calls"], view.FinishReasons);
            Assert.Equal([""], rig.Prefixes);
        }, iter: 200);

    [Fact]
    public void A_further_call_passes_whole_and_a_text_before_the_calls_is_caught_up_with()
    {
        using var rig = new StreamRig();
        rig.Then(Wire.Content("Let me ", "two") + Wire.Content("see.", "two") + Wire.ToolStart(0, "a2", "f", "two") + Wire.ToolArguments(0, "{}", "two")
            + Wire.ToolStart(1, "b2", "g", "two") + Wire.ToolArguments(1, "[1]", "two") + Wire.Finish("two", "tool_calls") + Wire.Done);

        var view = Run(rig, Wire.Role() + Wire.Content("Let me see.") + Wire.ToolStart(0, "a1", "f") + Wire.ToolArguments(0, "{"));

        Assert.Equal("Let me see.", view.Content);
        Assert.Equal([("a1", "f", "{}"), ("b2", "g", "[1]")], view.Tools.Values);
        Assert.True(view.IsDone);
    }

    [Fact]
    public void Of_calls_begun_by_two_deployments_a_third_can_go_on_with_both()
    {
        using var rig = new StreamRig();
        rig.Then(new ProviderBytes(Wire.ToolStart(0, "a2", "f", "two") + Wire.ToolArguments(0, "{}", "two") + Wire.ToolStart(1, "b2", "g", "two") + Wire.ToolArguments(1, "[", "two"), end: ProviderEnd.Breaks));
        rig.Then(Wire.ToolStart(0, "a3", "f", "three") + Wire.ToolArguments(0, "{}", "three") + Wire.ToolStart(1, "b3", "g", "three") + Wire.ToolArguments(1, "[1]", "three")
            + Wire.Finish("three", "tool_calls") + Wire.Done);

        var view = Run(rig, Wire.Role() + Wire.ToolStart(0, "a1", "f"));

        Assert.Equal([("a1", "f", "{}"), ("b2", "g", "[1]")], view.Tools.Values);
        Assert.True(view.IsDone);
    }

    [Theory]
    [InlineData("weather", "{\"city\":\"Bonn")]
    [InlineData("time", "{\"city\":\"Köln")]
    [InlineData("weather2", "{\"city\":\"Köln")]
    [InlineData("weath", "{\"city\":\"Köln")]
    public void Another_name_or_other_arguments_depart(string name, string arguments)
    {
        using var rig = new StreamRig();
        rig.Then(Wire.ToolStart(0, "two", name, "two") + Wire.ToolArguments(0, arguments, "two") + Wire.ToolArguments(0, "\"}", "two") + Wire.Finish("two", "tool_calls") + Wire.Done);

        AssertDeparted(rig, Run(rig, Wire.Role() + Wire.ToolStart(0, "one", "weather") + Wire.ToolArguments(0, "{\"city\":\"Kö")));
    }

    [Fact]
    public void A_text_in_place_of_the_calls_departs()
    {
        using var rig = new StreamRig();
        rig.Then(Wire.Answer(["It rains."], "two"));

        var view = Run(rig, Wire.Role() + Wire.ToolStart(0, "one", "weather"));

        AssertDeparted(rig, view);
        Assert.Equal("", view.Content);
    }

    [Fact]
    public void Calls_in_place_of_the_text_depart()
    {
        using var rig = new StreamRig();
        rig.Then(Wire.ToolStart(0, "two", "weather", "two") + Wire.Finish("two", "tool_calls") + Wire.Done);

        var view = Run(rig, Wire.Role() + Wire.Content("It rains."));

        AssertDeparted(rig, view);
        Assert.Empty(view.Tools);
    }

    [Fact]
    public void Fewer_calls_than_were_delivered_depart()
    {
        using var rig = new StreamRig();
        rig.Then(Wire.ToolStart(0, "a2", "f", "two") + Wire.ToolArguments(0, "{}", "two") + Wire.Finish("two", "tool_calls") + Wire.Done);

        AssertDeparted(rig, Run(rig, Wire.ToolStart(0, "a1", "f") + Wire.ToolArguments(0, "{}") + Wire.ToolStart(1, "b1", "g")));
    }

    private static void AssertDeparted(StreamRig rig, ClientView view)
    {
        Assert.Equal(("upstream_error", false), (view.Error, view.IsDone));
        Assert.Empty(view.FinishReasons);
        Assert.Equal([1, 2], rig.Settled);
        Assert.Equal(1, rig.Meters.Counts["resumes_total{deployment=p2/m,result=departed}"]);
    }

    private static ClientView Run(StreamRig rig, string first) =>
        new(rig.RunAsync(new ProviderBytes(first, end: ProviderEnd.Breaks)).GetAwaiter().GetResult()!);

    private static string[] Runes(string text) => [.. text.EnumerateRunes().Select(rune => rune.ToString())];

    private static string Parts(string[] runes, int every, string id) =>
        string.Concat(runes.Chunk(every).Select(part => Wire.ToolArguments(0, string.Concat(part), id)));
}
