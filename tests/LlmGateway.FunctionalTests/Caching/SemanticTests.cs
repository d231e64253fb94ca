using LlmGateway.FunctionalTests.Admin;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Caching;

/// <summary>A question that means the same, on a real gateway: nothing is served before it is proven, and what is learnt is told.</summary>
public class SemanticTests
{
    [Fact]
    public async Task In_shadow_the_same_in_other_words_is_found_and_a_provider_is_asked_nevertheless()
    {
        using var configuration = CachingGateway.Configuration("{ exact: { ttl: 1h }, semantic: { mode: shadow } }");
        await using var gateway = await CachingGateway.StartAsync(configuration);

        using var first = await SayAsync(gateway, "How do I reset my password?");
        using var same = await SayAsync(gateway, "how do i reset my PASSWORD");
        using var other = await SayAsync(gateway, "How many legs does a spider have?");

        Assert.Equal(["miss", "miss", "miss"], new[] { first, same, other }.Select(response => response.Cache()));
        Assert.Equal(3, gateway.Calls());
        var state = await new AdminClient(gateway).GetAsync("routes/chat/semantic");
        Assert.Equal("shadow", state["mode"]);
    }

    [Fact]
    public async Task What_is_not_proven_is_not_served()
    {
        using var configuration = CachingGateway.Configuration("{ exact: { ttl: 1h }, semantic: { mode: serve } }");
        await using var gateway = await CachingGateway.StartAsync(configuration);

        using var first = await SayAsync(gateway, "How do I reset my password?");
        using var same = await SayAsync(gateway, "how do i reset my PASSWORD");

        Assert.Equal(["miss", "miss"], new[] { first, same }.Select(response => response.Cache()));
    }

    private static Task<HttpResponseMessage> SayAsync(TestGateway gateway, string text) =>
        gateway.PostAsync("v1/chat/completions", $$"""{"model":"chat","messages":[{"role":"user","content":"{{text}}"}]}""");
}
