namespace LlmGateway.Tests.Streaming;

/// <summary>No two trains of thought are the same: thinking does not keep an answer from being gone on with.</summary>
public class ResumeReasoningTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_the_answer_had_begun_new_thinking_is_left_out(bool fromPrefix)
    {
        using var rig = new StreamRig();
        rig.Then(Wire.Role("two") + Wire.Reasoning("Quite otherwise.", "two") + Wire.Content(fromPrefix ? " carry" : "Rivers carry", "two") + Wire.Finish("two") + Wire.Done, fromPrefix);

        var view = await RunAsync(rig, Wire.Role() + Wire.Reasoning("Think") + Wire.Reasoning("ing.") + Wire.Content("Rivers"));

        Assert.Equal(("Thinking.", "Rivers carry", true), (view.Reasoning, view.Content, view.IsDone));
        Assert.Equal(["Rivers"], rig.Prefixes);
    }

    [Theory]
    [InlineData(new[] { "Thi", "nking on." }, "Thinking on.")]
    [InlineData(new[] { "Thi", "s is other." }, "Think")]
    [InlineData(new[] { "Th" }, "Think")]
    public async Task Where_only_thinking_was_delivered_it_goes_on_where_it_equals_and_stays_as_it_is_where_not(string[] second, string expected)
    {
        using var rig = new StreamRig();
        rig.Then(Wire.Role("two") + string.Concat(second.Select(piece => Wire.Reasoning(piece, "two"))) + Wire.Content("Rivers", "two") + Wire.Finish("two") + Wire.Done);

        var view = await RunAsync(rig, Wire.Role() + Wire.Reasoning("Think"));

        Assert.Equal((expected, "Rivers", true), (view.Reasoning, view.Content, view.IsDone));
        Assert.Equal([""], rig.Prefixes);
    }

    [Fact]
    public async Task Thinking_between_the_parts_of_the_new_answer_passes()
    {
        using var rig = new StreamRig();
        rig.Then(Wire.Role("two") + Wire.Content("Rivers carry", "two") + Wire.Reasoning("Hm.", "two") + Wire.Content(" sand", "two") + Wire.Finish("two") + Wire.Done);

        var view = await RunAsync(rig, Wire.Role() + Wire.Content("Rivers"));

        Assert.Equal(("Hm.", "Rivers carry sand"), (view.Reasoning, view.Content));
    }

    [Fact]
    public async Task The_same_thinking_under_two_names_is_read_once()
    {
        using var rig = new StreamRig();
        rig.Then(Wire.Chunk("\"reasoning_content\":\"Thinking\",\"reasoning\":\"Thinking\"", "two") + Wire.Content("Rivers", "two") + Wire.Finish("two") + Wire.Done);

        var view = await RunAsync(rig, Wire.Role() + Wire.Chunk("\"reasoning_content\":\"Thi\",\"reasoning\":\"Thi\""));

        Assert.Equal(("Thinking", "Rivers"), (view.Reasoning, view.Content));
    }

    private static async Task<ClientView> RunAsync(StreamRig rig, string first) =>
        new((await rig.RunAsync(new ProviderBytes(first, end: ProviderEnd.Breaks)))!);
}
