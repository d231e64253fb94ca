using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using LlmGateway.Simulator;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.FunctionalTests.Simulator;

public sealed class RateLimitTests
{
    [Fact]
    public async Task Requests_beyond_the_limit_are_refused_until_the_bucket_refills()
    {
        var time = new FakeTimeProvider();
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(new SimulatorOptions { RequestsPerMinute = 3 }, time);
        var left = new List<string>();
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage response = await sim.ChatAsync();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            left.Add(response.Headers.GetValues("x-ratelimit-remaining-requests").Single());
        }

        using HttpResponseMessage refused = await sim.ChatAsync();
        time.Advance(TimeSpan.FromSeconds(20));
        using HttpResponseMessage accepted = await sim.ChatAsync();

        Assert.Equal(["2", "1", "0"], left);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        JsonElement error = (await SimulatorFixture.JsonAsync(refused)).GetProperty("error");
        Assert.Equal("requests", error.GetProperty("type").GetString());
        Assert.Equal("rate_limit_exceeded", error.GetProperty("code").GetString());
        Assert.Contains("try again in 20s", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("20", refused.Headers.GetValues("retry-after").Single());
        Assert.Equal("20000", refused.Headers.GetValues("retry-after-ms").Single());
        Assert.Equal("3", refused.Headers.GetValues("x-ratelimit-limit-requests").Single());
        Assert.Equal("1m0s", refused.Headers.GetValues("x-ratelimit-reset-requests").Single());
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
    }

    [Fact]
    public async Task Tokens_count_prompt_and_answer_and_each_key_has_its_own()
    {
        var time = new FakeTimeProvider();
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(new SimulatorOptions { TokensPerMinute = 100, OutputTokens = 40 }, time);
        sim.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "one");
        using HttpResponseMessage first = await sim.ChatAsync(text: "abcd");
        using HttpResponseMessage second = await sim.ChatAsync(text: "abcd");
        using HttpResponseMessage refused = await sim.ChatAsync(text: "abcd");
        sim.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "two");
        using HttpResponseMessage other = await sim.ChatAsync(text: "abcd");

        Assert.Equal("52", first.Headers.GetValues("x-ratelimit-remaining-tokens").Single());
        Assert.Equal("28.8s", first.Headers.GetValues("x-ratelimit-reset-tokens").Single());
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("tokens", (await SimulatorFixture.JsonAsync(refused)).GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }
}
