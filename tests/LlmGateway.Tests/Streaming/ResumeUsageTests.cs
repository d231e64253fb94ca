using System.Text.Json;

namespace LlmGateway.Tests.Streaming;

public class ResumeUsageTests
{
    private const string Silent = """{"model":"chat","messages":[],"stream":true}""";

    [Fact]
    public async Task Begun_anew_the_client_sees_the_new_attempts_usage_as_it_was_reported()
    {
        var usage = await UsageAsync(fromPrefix: false, Wire.Usage(90, 41, "two", ",\"x\":{\"y\":1}"), "Rivers carry", "Rivers carry water");

        Assert.Equal("""{"prompt_tokens":90,"completion_tokens":41,"total_tokens":131,"x":{"y":1}}""", usage.GetRawText());
    }

    [Theory]
    [InlineData("Rivers carry", 3)]
    [InlineData("Rivers carry!", 4)]
    [InlineData("R", 1)]
    public async Task Gone_on_from_the_prefix_its_tokens_are_moved_from_the_prompt_to_the_answer(string delivered, int moved)
    {
        var usage = await UsageAsync(
            fromPrefix: true, Wire.Usage(90, 41, "two", ",\"prompt_cache_hit_tokens\":60,\"prompt_cache_miss_tokens\":30"), delivered, " water");

        Assert.Equal(90 - moved, usage.GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(41 + moved, usage.GetProperty("completion_tokens").GetInt32());
        Assert.Equal(131, usage.GetProperty("total_tokens").GetInt32());
        Assert.Equal(60, usage.GetProperty("prompt_cache_hit_tokens").GetInt32());
        Assert.Equal(30 - moved, usage.GetProperty("prompt_cache_miss_tokens").GetInt32());
    }

    [Fact]
    public async Task No_more_is_moved_than_the_prompt_had_and_the_sum_stays()
    {
        var usage = await UsageAsync(fromPrefix: true, Wire.Usage(2, 41, "two"), new string('x', 100), " water");

        Assert.Equal((0, 43, 43), (usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("completion_tokens").GetInt32(), usage.GetProperty("total_tokens").GetInt32()));
    }

    [Fact]
    public async Task Usage_in_the_finish_event_or_beside_an_id_of_Groq_becomes_one_chunk_at_the_end()
    {
        using var rig = new StreamRig();
        rig.Then(Wire.Role("two") + Wire.Content("Rivers", "two")
            + Wire.Chunk("", "two", "\"stop\"", ",\"x_groq\":{\"id\":\"req\",\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}") + Wire.Done);

        var stream = await rig.RunAsync(new ProviderBytes(Wire.Role() + Wire.Content("Riv"), end: ProviderEnd.Breaks));

        Assert.DoesNotContain("x_groq", stream, StringComparison.Ordinal);
        Assert.EndsWith("\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}\n\n" + Wire.Done, stream, StringComparison.Ordinal);
        Assert.Equal(2, rig.Attempts[1].Usage.OutputTokens);
    }

    [Fact]
    public async Task A_client_that_did_not_ask_sees_none_and_the_attempt_keeps_its_own()
    {
        using var rig = new StreamRig(Silent);
        rig.Then(Wire.Answer(["Rivers"], "two", usage: Wire.Usage(9, 4, "two")));

        var view = new ClientView((await rig.RunAsync(new ProviderBytes(Wire.Role() + Wire.Content("Riv"), end: ProviderEnd.Breaks)))!);

        Assert.Empty(view.Usages);
        Assert.True(view.IsDone);
        Assert.Equal((9L, 4L), (rig.Attempts[1].Usage.InputTokens, rig.Attempts[1].Usage.OutputTokens));
    }

    [Fact]
    public async Task Each_attempt_keeps_the_usage_that_its_own_deployment_reported()
    {
        using var rig = new StreamRig(Silent);
        rig.Then(new ProviderBytes(Wire.Usage(20, 2, "two") + Wire.Content("Rivers ca", "two"), end: ProviderEnd.Breaks));
        rig.Then(Wire.Answer(["Rivers carry"], "three", usage: Wire.Usage(30, 3, "three")));

        await rig.RunAsync(new ProviderBytes(Wire.Usage(10, 1) + Wire.Content("Riv"), end: ProviderEnd.Breaks));

        Assert.Equal([(10L, 1L), (20L, 2L), (30L, 3L)], rig.Attempts.Select(attempt => (attempt.Usage.InputTokens, attempt.Usage.OutputTokens)));
    }

    private static async Task<JsonElement> UsageAsync(bool fromPrefix, string usage, string delivered, string then)
    {
        using var rig = new StreamRig();
        rig.Then(Wire.Answer([then], "two", usage: usage), fromPrefix);
        var view = new ClientView((await rig.RunAsync(new ProviderBytes(Wire.Role() + Wire.Content(delivered), end: ProviderEnd.Breaks)))!);
        Assert.True(view.IsDone);
        return Assert.Single(view.Usages);
    }
}
