using System.Collections.Frozen;
using LlmGateway.Catalog;

namespace LlmGateway.Configuration;

/// <summary>
/// The configuration that one exchange sees from start to end: immutable, complete and valid. A reload makes a new one;
/// an exchange that began under the old one ends under it. It holds what is written and what was made at run time alike.
/// </summary>
internal sealed record Snapshot
{
    /// <summary>1 for the configuration of the start, one more for each applied reload and each change of what was made at run time.</summary>
    public required long Version { get; init; }

    public required DateTimeOffset LoadedAt { get; init; }

    public required ServerSettings Server { get; init; }

    /// <summary>Absolute path of the folder that the gateway writes to; fixed at start.</summary>
    public string DataFolder { get; init; } = Path.GetFullPath("data");

    /// <summary>What it may hold.</summary>
    public DataSettings Data { get; init; } = new(null, long.MaxValue, 0);

    /// <summary>What is logged; fixed at start.</summary>
    public LoggingSettings Logging { get; init; } = new(LogLevel.Information, Json: false);

    /// <summary>Where traces go; null makes none. Fixed at start.</summary>
    public TracingSettings? Tracing { get; init; }

    public required FrozenDictionary<string, Provider> Providers { get; init; }

    public required FrozenDictionary<string, Deployment> Deployments { get; init; }

    public required FrozenDictionary<string, Route> Routes { get; init; }

    public required PriceBook Prices { get; init; }

    /// <summary>For comparing prices of different currencies.</summary>
    public ExchangeRates Rates { get; init; } = ExchangeRates.None;

    public required FrozenDictionary<string, Tenant> Tenants { get; init; }

    public required IReadOnlyList<ConfiguredKey> Keys { get; init; }

    /// <summary>What keys may use, by their id: those of the configuration and those that were made at run time. A key that is not here has no limit of its own.</summary>
    public FrozenDictionary<string, Allowance> KeyAllowances { get; init; } = FrozenDictionary<string, Allowance>.Empty;

    /// <summary>Whose keys those are.</summary>
    public FrozenDictionary<string, AllowanceScope> KeyScopes { get; init; } = FrozenDictionary<string, AllowanceScope>.Empty;

    /// <summary>Who is told of what happens to budgets.</summary>
    public IReadOnlyList<Webhook> Webhooks { get; init; } = [];

    /// <summary>The engines that several nodes share; fixed at start.</summary>
    public EngineSettings Engines { get; init; } = EngineSettings.Embedded;

    /// <summary>What caches of all routes share; fixed at start.</summary>
    public CacheStoreSettings Cache { get; init; } = CacheStoreSettings.Default;

    // A record for the sake of `with`; two Snapshots are never the same one.
    public bool Equals(Snapshot? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    // All of a configuration is no text that anybody wants in a log.
    public override string ToString() => $"{nameof(Snapshot)} {Version}";
}

/// <summary>What the front door keeps to.</summary>
/// <param name="Urls">Where it listens; fixed at start.</param>
/// <param name="MaxRequestBody">Largest request body, in bytes; beyond it 413.</param>
/// <param name="MaxResponseBody">Largest answer that is not streamed, in bytes; beyond it the attempt fails as <c>bad_gateway</c>.</param>
/// <param name="Drain">How long a stopping gateway waits for exchanges in flight.</param>
/// <param name="Grace">How long before that it still takes requests, for a balancer to notice that it is not ready.</param>
internal sealed record ServerSettings(IReadOnlyList<string> Urls, long MaxRequestBody, long MaxResponseBody, TimeSpan Drain, TimeSpan Grace = default);

/// <summary>Bounds of what the gateway writes.</summary>
/// <param name="Retention">After which time rows of the ledger are removed; null keeps them.</param>
/// <param name="MaxOutbox">Bytes that rows may take while they wait for PostgreSQL.</param>
/// <param name="MinFree">Bytes that are to be left free on the disk.</param>
internal sealed record DataSettings(TimeSpan? Retention, long MaxOutbox, long MinFree);

/// <summary>Where nodes share what they share.</summary>
/// <param name="Redis">Connection string of limits and budgets; null keeps them in process.</param>
/// <param name="Postgres">Connection string of ledger, keys and admin state; null keeps them in SQLite.</param>
internal sealed record EngineSettings(Secret? Redis, Secret? Postgres)
{
    public static readonly EngineSettings Embedded = new(null, null);
}

/// <summary>What is logged.</summary>
/// <param name="Level">The least important level that is.</param>
/// <param name="Json">One JSON object a message, in place of a line of text.</param>
internal sealed record LoggingSettings(LogLevel Level, bool Json);

/// <summary>Where traces go, and which are kept.</summary>
/// <param name="Grpc">OTLP by gRPC; else by HTTP with protobuf.</param>
/// <param name="Headers">For the receiver.</param>
/// <param name="Sample">Share of requests, 0 to 1, where the caller does not say.</param>
/// <param name="Slow">What takes longer is kept.</param>
internal sealed record TracingSettings(Uri Endpoint, bool Grpc, Secret? Headers, double Sample, TimeSpan Slow);

/// <summary>Gives the Snapshot in force and tells of a new one.</summary>
internal interface ISnapshotSource
{
    /// <summary>The Snapshot in force. Take it once an exchange.</summary>
    Snapshot Current { get; }

    /// <summary>Raised after <see cref="Current"/> has changed, on the reloading thread. A handler must not throw.</summary>
    event Action<Snapshot> Changed;
}
