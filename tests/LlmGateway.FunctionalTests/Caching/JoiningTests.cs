using System.Net;
using LlmGateway.Caching.Sharing;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.FunctionalTests.Limits;
using LlmGateway.Gateway;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.FunctionalTests.Caching;

/// <summary>Whoever comes late to an answer under way, and whoever leaves it early.</summary>
[Collection(Heavy.Name)]
public class JoiningTests
{
    [Fact]
    public async Task Whoever_comes_in_the_middle_has_the_beginning_at_once_and_the_same_in_the_end()
    {
        var more = new TaskCompletionSource();
        var calls = 0;
        await using var upstream = new ScriptedUpstream(async call =>
        {
            Interlocked.Increment(ref calls);
            await call.WriteAsync(ScriptedUpstream.Head("text/event-stream") + Chunk("one", null) + Chunk("two", null));
            await more.Task.WaitAsync(call.Stopped);
            await call.WriteAsync(Chunk("three", "stop") + "data: [DONE]\n\n");
        });
        using var configuration = CachingGateway.Configuration().WithUpstream(upstream.BaseUrl);
        await using var gateway = await CachingGateway.StartAsync(configuration);
        using var first = await AskAsync(gateway, stream: true);
        using var early = new StreamReader(await first.Content.ReadAsStreamAsync(gateway.Soon));
        var begun = await TwoEventsAsync(early, gateway);

        // The provider says nothing more before it has read them too.
        using var second = await AskAsync(gateway, stream: true);
        using var late = new StreamReader(await second.Content.ReadAsStreamAsync(gateway.Soon));
        Assert.Equal(begun, await TwoEventsAsync(late, gateway));
        more.SetResult();

        var rest = await early.ReadToEndAsync(gateway.Soon);
        Assert.EndsWith("data: [DONE]\n\n", rest, StringComparison.Ordinal);
        Assert.Equal(rest, await late.ReadToEndAsync(gateway.Soon));
        Assert.Equal(("miss", "coalesced", 1), (first.Cache(), second.Cache(), calls));
    }

    [Fact]
    public async Task A_leader_that_leaves_before_an_answer_that_is_not_streamed_takes_it_from_nobody()
    {
        var answer = new TaskCompletionSource();
        var calls = 0;
        await using var upstream = new ScriptedUpstream(async call =>
        {
            Interlocked.Increment(ref calls);
            await answer.Task.WaitAsync(call.Stopped);
            await call.WriteAsync(ScriptedUpstream.Head("application/json") + Whole);
        });
        using var configuration = CachingGateway.Configuration().WithUpstream(upstream.BaseUrl);
        await using var gateway = await CachingGateway.StartAsync(configuration);
        var flights = gateway.Host.Services.GetRequiredService<Flights>();
        using var leaving = new CancellationTokenSource();
        using var impatient = new HttpClient { BaseAddress = gateway.Client.BaseAddress };
        impatient.DefaultRequestHeaders.Authorization = gateway.Client.DefaultRequestHeaders.Authorization;
        using var body = new StringContent(Body(stream: false), System.Text.Encoding.UTF8, "application/json");
        var leading = impatient.PostAsync(new Uri("v1/chat/completions", UriKind.Relative), body, leaving.Token);
        await Eventually.TrueAsync(() => flights.Readers == 1);
        var following = Enumerable.Range(0, 5).Select(_ => AskAsync(gateway, stream: false)).ToList();
        await Eventually.TrueAsync(() => flights.Readers == 6);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leading);
        await Eventually.TrueAsync(() => flights.Readers == 5);
        answer.SetResult();

        Assert.All(await Task.WhenAll(following), response => Assert.Equal((HttpStatusCode.OK, "coalesced"), (response.StatusCode, response.Cache())));
        Assert.Equal(1, calls);
        var rows = await gateway.WaitForRowsAsync(6);
        var paid = Assert.Single(rows, row => row["cause"] is "primary");
        Assert.Equal((null, "0.000030000"), (paid["error_class"], paid["cost"]));

        // Nothing is in flight any more, nor counted as such: of limits, of routes, and of what a stop waits for.
        await Eventually.TrueAsync(() => gateway.Host.Services.GetRequiredService<Drain>().InFlight == 0);
        await gateway.ScrapeUntilAsync(static metrics => metrics.Sum("llmgateway_in_flight", "route=\"down\"") == 0);
        Assert.Equal(0, flights.Readers);
    }

    [Fact]
    public async Task A_key_has_nothing_of_a_fallback_that_it_may_not_use()
    {
        using var configuration = CachingGateway.Configuration();
        configuration
            .WithSecret("narrow.key", "sk-test-key-of-acme-narrow-0123456789")
            .Edit("keys: [ { name: ci, key: \"${file:acme.key}\" } ]", "keys: [ { name: ci, key: \"${file:acme.key}\" }, { name: narrow, key: \"${file:narrow.key}\", routes: [chat] } ]");
        await using var gateway = await CachingGateway.StartAsync(configuration);

        using var wide = await gateway.ChatAsync("\"fallbacks\":[\"secret\"]");
        using var again = await gateway.ChatAsync("\"fallbacks\":[\"secret\"]");
        using var narrow = await gateway.ChatAsync("\"fallbacks\":[\"secret\"]", with: request => request.Headers.Authorization = new("Bearer", "sk-test-key-of-acme-narrow-0123456789"));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], new[] { wide, again }.Select(response => response.StatusCode));
        Assert.Equal(HttpStatusCode.BadRequest, narrow.StatusCode);
        Assert.Equal("model_not_found", (await TestGateway.ErrorAsync(narrow)).GetProperty("code").GetString());
    }

    private const string Whole =
        """{"id":"x","object":"chat.completion","created":1,"model":"any","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"yes"}}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}""";

    private static string Body(bool stream) =>
        $$"""{"model":"down","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"the same"}]}""";

    private static string Chunk(string text, string? finish) =>
        $"data: {{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"any\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}},\"finish_reason\":{(finish is null ? "null" : $"\"{finish}\"")}}}]}}\n\n";

    private static Task<HttpResponseMessage> AskAsync(TestGateway gateway, bool stream) =>
        gateway.PostAsync("v1/chat/completions", Body(stream), HttpCompletionOption.ResponseHeadersRead);

    private static async Task<string> TwoEventsAsync(StreamReader reader, TestGateway gateway)
    {
        var text = "";
        while (!text.Contains("two", StringComparison.Ordinal))
        {
            text += await reader.ReadLineAsync(gateway.Soon) ?? throw new EndOfStreamException(text);
        }

        return text;
    }
}
