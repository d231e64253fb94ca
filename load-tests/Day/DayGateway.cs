using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Health;
using LlmGateway.Keys;
using LlmGateway.Metering;
using LlmGateway.Requests;
using LlmGateway.Routing;
using LlmGateway.Upstream;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGateway.LoadTests.Day;

/// <summary>
/// The rooms of the gateway that decide, composed as <see cref="GatewayHost"/> composes them, without those that carry bytes: what is
/// simulated is the transport, and nothing else.
/// </summary>
internal sealed class DayGateway : IDisposable
{
    private static readonly VirtualKey Key = new() { Id = "key_day", Name = "day", Tenant = "acme", Project = "day" };
    private static readonly BodyMarks NoMarks = new() { Model = default, AfterOpeningBrace = 1 };

    private readonly ServiceProvider _services;
    private readonly RoutingRoom _routing;
    private readonly RetryBudgets _budgets;
    private readonly Backoff _backoff;

    public DayGateway(Snapshot snapshot, VirtualTime time, int seed)
    {
        Snapshot = snapshot;
        Time = time;
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton(new Random(seed));
        services.AddMetrics();
        services.TryAddSingleton<GatewayMetrics>();
        services.AddRoutingRoom();
        services.AddUpstream();
        services.AddMetering();
        services.AddRoutingHistory();
        services.AddHealth();
        _services = services.BuildServiceProvider();
        _routing = _services.GetRequiredService<RoutingRoom>();
        _budgets = _services.GetRequiredService<RetryBudgets>();
        _backoff = _services.GetRequiredService<Backoff>();
        Attempts = _services.GetRequiredService<AttemptFactory>();
    }

    public Snapshot Snapshot { get; }

    public VirtualTime Time { get; }

    public AttemptFactory Attempts { get; }

    /// <summary>Reads <c>day.yaml</c>, as the gateway reads any configuration.</summary>
    public static Snapshot Load(TimeProvider time)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Day", "day.yaml");
        var loader = new ConfigurationLoader(new GatewayPaths(file, null, []), time) { Environment = name => name == "DAY_KEY" ? "sk-day" : null };
        var result = loader.Load();
        return result.Snapshot ?? throw new InvalidDataException(string.Join('\n', result.Problems));
    }

    /// <summary>An exchange that has come as far as a request to be routed.</summary>
    public Exchange Open(in Arrival arrival, string policy)
    {
        var now = Time.GetUtcNow();
        var http = new DefaultHttpContext();
        http.Request.Headers[GatewayHeaders.Policy] = policy;
        return new Exchange(http, Snapshot, EndpointKind.ChatCompletions, Guid.Empty, now, Time.GetTimestamp())
        {
            Time = Time,
            Key = Key,
            User = $"conversation-{arrival.Conversation}",
            Request = new InferenceRequest
            {
                Body = ReadOnlyMemory<byte>.Empty,
                Model = "chat",
                Stream = arrival.Stream,
                InputTokenEstimate = arrival.Input,
                Marks = NoMarks,
            },
        };
    }

    /// <summary>The attempts that the exchange may make; null where it is refused.</summary>
    public AttemptSequence? Route(Exchange exchange) =>
        _routing.Decide(exchange) is not null
            ? null
            : new AttemptSequence(exchange.Plan!, exchange.StartedAt, Time, _backoff, _budgets.Of(exchange.Plan!.Route));

    public void Dispose() => _services.Dispose();
}
