using System.Net;
using LlmGateway.FunctionalTests.Caching;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Simulator.Recording;

namespace LlmGateway.FunctionalTests.Telemetry;

public class TraceTests
{
    private const string Caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static readonly Dictionary<string, string> Faults = new() { ["fails"] = "status=503", ["late"] = "first=30ms" };

    [Fact]
    public async Task An_exchange_is_a_span_under_the_callers_with_one_for_each_room_and_attempt()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var configuration = receiver.Configure(new TestConfiguration(Faults, failover: "{ attempts: 2, attempts_per_deployment: 1 }"), "sample: 0")
            .Edit("fails: { deployments: [sim/fails]", "fails: { deployments: [sim/fails, sim/small], cache: { exact: { ttl: 1h } }");
        await using var gateway = await TestGateway.StartAsync(configuration);

        using var response = await gateway.ChatAsync(model: "fails", with: static request => request.Headers.Add("traceparent", Caller));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var spans = receiver.After(gateway);
        Assert.All(spans, static span => Assert.Equal("0af7651916cd43dd8448eb211c80319c", span.TraceId));
        Assert.All(spans, static span => Assert.True(span.Start <= span.End));
        var root = Assert.Single(spans, static span => span.ParentId == "b7ad6b7169203331");
        Assert.Equal("chat fails", root.Name);
        Assert.Equal(response.Header("x-request-id"), root.Attributes["llmgateway.request_id"]);
        Assert.Equal(("acme", "search", "miss", "2"), (root.Attributes["llmgateway.tenant"], root.Attributes["llmgateway.project"], root.Attributes["llmgateway.cache"], root.Attributes["llmgateway.attempts"]));
        var children = spans.Where(span => span != root).ToArray();
        Assert.All(children, span => Assert.Equal(root.SpanId, span.ParentId));
        Assert.Equal(
            ["cache", "chat sim-small", "chat sim-small!status=503", "key", "ledger", "ledger", "limits", "read", "reserve", "routing", "upstream"],
            children.Select(static span => span.Name).Order(StringComparer.Ordinal));
        var failed = Assert.Single(children, static span => span.Name.EndsWith("503", StringComparison.Ordinal));
        Assert.Equal((2ul, "overloaded", "503", "primary"), (failed.Status, failed.Attributes["error.type"], failed.Attributes["http.response.status_code"], failed.Attributes["llmgateway.cause"]));
        var good = Assert.Single(children, static span => span.Name == "chat sim-small");
        var row = gateway.Rows()[^1];
        Assert.Equal(
            ("chat", "sim-small", row["input_tokens"]!.ToString(), row["output_tokens"]!.ToString(), (string)row["cost"]!),
            (good.Attributes["gen_ai.operation.name"], good.Attributes["gen_ai.request.model"], good.Attributes["gen_ai.usage.input_tokens"],
                good.Attributes["gen_ai.usage.output_tokens"], good.Attributes["llmgateway.cost"]));
        var told = gateway.Simulator.Requests.Snapshot().Select(ParentOf).ToArray();
        Assert.Equal([$"00-{root.TraceId}-{failed.SpanId}-01", $"00-{root.TraceId}-{good.SpanId}-01"], told);
    }

    [Fact]
    public async Task What_is_not_sampled_is_kept_where_it_fails()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var configuration = receiver.Configure(new TestConfiguration(Faults), "sample: 0");
        await using var gateway = await TestGateway.StartAsync(configuration);

        await gateway.ChatAsync();
        await gateway.ChatAsync(model: "fails");
        await gateway.ChatAsync(model: "nothing");

        var roots = receiver.After(gateway).Where(static span => span.ParentId.Length == 0);
        Assert.Equal(["chat", "chat fails"], roots.Select(static span => span.Name).Order(StringComparer.Ordinal));
        Assert.All(gateway.Simulator.Requests.Snapshot(), static request => Assert.EndsWith("-00", ParentOf(request), StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_not_sampled_is_kept_where_it_is_slow()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var configuration = receiver.Configure(new TestConfiguration(Faults), "sample: 0, slow: 25ms");
        await using var gateway = await TestGateway.StartAsync(configuration);

        await gateway.ChatAsync(model: "late");

        Assert.Contains(receiver.After(gateway), static span => span.Name == "chat late");
    }

    [Fact]
    public async Task A_sampled_answer_is_an_example_of_its_bucket()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var configuration = receiver.Configure(new TestConfiguration(Faults), "sample: 1");
        await using var gateway = await TestGateway.StartAsync(configuration);

        await gateway.StreamAsync();

        await gateway.ScrapeUntilAsync(static scrape => scrape.Sum("llmgateway_requests_total") == 1);
        using var request = new HttpRequestMessage(HttpMethod.Get, "metrics");
        request.Headers.Add("accept", "application/openmetrics-text; version=1.0.0");
        using var response = await gateway.Client.SendAsync(request, gateway.Soon);
        var text = await response.Content.ReadAsStringAsync(gateway.Soon);
        var trace = Assert.Single(receiver.After(gateway), static span => span.ParentId.Length == 0).TraceId;
        foreach (var name in new[] { "llmgateway_request_duration_seconds_bucket", "llmgateway_time_to_first_token_seconds_bucket", "llmgateway_route_time_to_first_token_seconds_bucket" })
        {
            Assert.Contains(text.Split('\n'), line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains($"trace_id=\"{trace}\"", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_receiver_that_is_away_is_no_concern_of_a_request_and_its_headers_are_secret()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var configuration = receiver.Configure(new TestConfiguration(Faults).WithSecret("otlp", "authorization=Bearer of-the-receiver"), "sample: 1, headers: \"${file:otlp}\"");
        await using var gateway = await TestGateway.StartAsync(configuration);
        await gateway.ChatAsync();
        Assert.NotEmpty(receiver.After(gateway));
        Assert.Equal("Bearer of-the-receiver", receiver.Authorizations.First());

        await receiver.DisposeAsync();
        using var response = await gateway.ChatAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Without_a_receiver_the_callers_trace_passes_to_the_provider()
    {
        await using var gateway = await TestGateway.StartAsync();

        await gateway.ChatAsync(with: static request => request.Headers.Add("traceparent", Caller));

        Assert.Equal(Caller, ParentOf(Assert.Single(gateway.Simulator.Requests.Snapshot())));
    }

    private static string ParentOf(SimulatedRequest request) => request.Headers.Single(static header => header.Key == "traceparent").Value;
}
