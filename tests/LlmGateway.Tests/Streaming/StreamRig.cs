using System.Collections.Frozen;
using System.Net;
using System.Text;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Health;
using LlmGateway.Routing;
using LlmGateway.Streaming;
using LlmGateway.Tests.Keys;
using LlmGateway.Tests.Requests;
using LlmGateway.Upstream;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Streaming;

/// <summary>The gate as it is composed, over bytes of providers, with a client that reads to the end.</summary>
internal sealed class StreamRig : IStreamContinuation, IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly Queue<(ProviderBytes Bytes, bool FromPrefix, string? Profile)> _next = new();
    private readonly CancellationTokenSource _client = new();
    private readonly StreamingMetrics _metrics;

    public StreamRig(
        string request = """{"model":"chat","messages":[],"stream":true,"stream_options":{"include_usage":true}}""",
        MidStreamRule rule = MidStreamRule.Resume,
        EndpointKind endpoint = EndpointKind.ChatCompletions,
        long maxResponseBody = 1 << 20)
    {
        _metrics = new StreamingMetrics(Meters);
        var route = new Route { Name = "chat", Targets = [], Failover = new FailoverSettings { MidStream = rule } };
        var snapshot = new Snapshot
        {
            Version = 1,
            LoadedAt = Start,
            Server = new ServerSettings([], 1, maxResponseBody, TimeSpan.Zero),
            Providers = FrozenDictionary<string, Provider>.Empty,
            Deployments = FrozenDictionary<string, Deployment>.Empty,
            Routes = FrozenDictionary<string, Route>.Empty,
            Prices = PriceBook.Empty,
            Tenants = FrozenDictionary<string, Tenant>.Empty,
            Keys = [],
        };
        Exchange = new Exchange(new DefaultHttpContext { RequestAborted = _client.Token }, snapshot, endpoint, Guid.Empty, Start, 0)
        {
            Request = Bodies.Accept(request, endpoint),
            Plan = new RoutePlan(route, []),
            Continuation = this,
        };
    }

    public Exchange Exchange { get; }

    public FakeTimeProvider Time { get; } = new(Start);

    public TestMeters Meters { get; } = new();

    /// <summary>All attempts, the first one first.</summary>
    public List<Attempt> Attempts { get; } = [];

    /// <summary>Numbers of attempts in the order in which they were settled.</summary>
    public List<int> Settled { get; } = [];

    /// <summary>What the deployments that went on were asked to go on from.</summary>
    public List<string> Prefixes { get; } = [];

    public void Dispose()
    {
        Meters.Dispose();
        _client.Dispose();
    }

    public void ClientLeaves() => _client.Cancel();

    public StreamRig Then(ProviderBytes bytes, bool fromPrefix = false, string? profile = null)
    {
        _next.Enqueue((bytes, fromPrefix, profile));
        return this;
    }

    public StreamRig Then(string wire, bool fromPrefix = false) => Then(new ProviderBytes(wire), fromPrefix);

    /// <summary>What the client receives; null when the gate let nothing through.</summary>
    public async Task<string?> RunAsync(ProviderBytes first)
    {
        Answer? answer = null;
        try
        {
            answer = await OpenAsync(first);
        }
        catch (Exception exception) when (exception is HttpIOException or OperationCanceledException)
        {
            // As the transport does.
            Attempts[^1].Break(exception, _client.IsCancellationRequested);
        }

        if (answer is null)
        {
            return null;
        }

        using var whole = answer;
        using var reader = new StreamReader(await answer.Stream!.ReadAsStreamAsync());
        return await reader.ReadToEndAsync();
    }

    public async Task<Answer?> OpenAsync(ProviderBytes first)
    {
        var attempt = Begin(null);
        return await new FirstEventGate(_metrics).OpenAsync(Exchange, attempt, Response(first), attempt.Clock.Token);
    }

    public Task<string?> RunAsync(string first) => RunAsync(new ProviderBytes(first));

    public ValueTask<Continuation?> NextAsync(Exchange exchange, ReadOnlyMemory<byte> prefix)
    {
        Assert.Equal(Attempts.Count, Settled.Count);
        Prefixes.Add(Encoding.UTF8.GetString(prefix.Span));
        return ValueTask.FromResult(
            _next.TryDequeue(out var next) ? new Continuation(Begin(next.Profile), Response(next.Bytes), next.FromPrefix) : null);
    }

    private static HttpResponseMessage Response(ProviderBytes bytes)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(bytes) };
        response.Content.Headers.ContentType = new("text/event-stream");
        return response;
    }

    private Attempt Begin(string? profile)
    {
        var number = Attempts.Count + 1;
        var provider = new Provider { Name = $"p{number}", Dialect = Dialect.OpenAI, Profile = profile };
        var deployment = new Deployment { Name = $"p{number}/m", Provider = provider, Model = "m", PriceName = "m" };
        var attempt = new Attempt(
            number, AttemptCause.Primary, deployment, new DeploymentState(deployment.Name, new ProviderState(provider.Name)), null, new AttemptClock(Time, deployment.Timeouts))
        { Accepted = true };
        attempt.Settling = () =>
        {
            Assert.NotNull(attempt.Outcome);
            Settled.Add(number);
            return ValueTask.CompletedTask;
        };
        Exchange.Attempt = attempt;
        Attempts.Add(attempt);
        return attempt;
    }
}
