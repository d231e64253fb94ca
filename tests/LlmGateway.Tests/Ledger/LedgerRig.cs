using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using System.Globalization;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Health;
using LlmGateway.Keys;
using LlmGateway.Ledger;
using LlmGateway.Protocols.Usage;
using LlmGateway.Requests;
using LlmGateway.Routing;
using LlmGateway.Storage;
using LlmGateway.Upstream;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Ledger;

/// <summary>A ledger over a real database in a folder of its own.</summary>
internal sealed class LedgerRig : IDisposable
{
    public static readonly DateTimeOffset Noon = DateTimeOffset.Parse("2026-11-23T12:00:00.1234567Z", CultureInfo.InvariantCulture);

    private readonly Meters _meters = new();

    public LedgerRig(LedgerOptions? options = null)
    {
        Options = options ?? new LedgerOptions { SlotsPerSegment = 64 };
        Database = new SqliteDatabase(Directory.CreateTempSubdirectory("ledger-").FullName);
        SqliteMigrations.Apply(Database);
    }

    public LedgerOptions Options { get; }

    public SqliteDatabase Database { get; }

    public IIntentPricing Pricing { get; init; } = new NoIntentPricing();

    public SlotLedger Create(TimeProvider? time = null) =>
        new(Database, Options, Pricing, time ?? TimeProvider.System, new LedgerMetrics(_meters), NullLogger<SlotLedger>.Instance);

    public async Task<SlotLedger> StartAsync(TimeProvider? time = null)
    {
        var ledger = Create(time);
        await ledger.StartAsync(default);
        return ledger;
    }

    public static async Task StopAsync(SlotLedger ledger)
    {
        await ledger.StopAsync(default);
        await ledger.DisposeAsync();
    }

    public static Exchange NewExchange(Guid? id = null, int attempt = 1, DateTimeOffset? startedAt = null)
    {
        var provider = new Provider { Name = "deepseek", Dialect = Dialect.OpenAI };
        var deployment = new Deployment { Name = "deepseek/chat", Provider = provider, Model = "deepseek-chat", PriceName = "deepseek/deepseek-chat" };
        var route = new Route { Name = "chat", Targets = [new RouteTarget(deployment, 1)] };
        var start = startedAt ?? Noon;
        return new Exchange(new DefaultHttpContext(), NoSnapshot, EndpointKind.ChatCompletions, id ?? Guid.CreateVersion7(), start, 0)
        {
            RequestId = "req-1",
            Key = new VirtualKey { Id = "key_1", Name = "ci", Tenant = "acme", Project = "search" },
            User = "ünï",
            Tags = """{"team":"a"}"""u8.ToArray(),
            Route = route.Name,
            Plan = new RoutePlan(route, []),
            Request = new InferenceRequest
            {
                Body = default,
                Model = "chat",
                Stream = true,
                InputTokenEstimate = 40,
                Marks = new BodyMarks { Model = default, AfterOpeningBrace = 1 },
            },
            Attempt = new Attempt(attempt, AttemptCause.Primary, deployment, new DeploymentState(deployment.Name, new ProviderState("p")), null, new AttemptClock(new FakeTimeProvider(start), deployment.Timeouts)),
        };
    }

    /// <summary>What a finished attempt knows.</summary>
    public static Attempt End(Attempt attempt)
    {
        attempt.FirstEventAt = attempt.StartedAt.AddMilliseconds(250);
        attempt.FinishedAt = attempt.StartedAt.AddSeconds(2);
        attempt.Outcome = new AttemptOutcome(AttemptResult.Succeeded, 200);
        attempt.Usage = new TokenUsage(100, 60, 5, 50, 20);
        attempt.UsageSource = UsageSource.Measured;
        attempt.FinishReason = "stop";
        attempt.ModelAnswered = "deepseek-chat-0324";
        attempt.PriceRef = "deepseek/deepseek-chat@2026-09-10";
        attempt.Cost = new Money(0.000123m, new Currency("CNY"));
        attempt.CostSplit = new CostSplit(35_000, 6_000, 7_000, 75_000, 0);
        attempt.CacheSaving = new Money(0.000045m, new Currency("CNY"));
        attempt.PriceStatus = PriceStatus.Priced;
        return attempt;
    }

    /// <summary>Every row, in the order of insertion, each a dictionary of its columns.</summary>
    public List<Dictionary<string, object?>> Rows(string sql = "SELECT * FROM ledger ORDER BY id")
    {
        using var connection = Database.OpenForReading();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<Dictionary<string, object?>>();
        while (reader.Read())
        {
            rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(reader.GetName, index => reader.IsDBNull(index) ? null : reader.GetValue(index)));
        }

        return rows;
    }

    public long Count() => (long)Rows("SELECT COUNT(*) AS n FROM ledger")[0]["n"]!;

    public void Execute(string sql)
    {
        using var connection = Database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _meters.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(Database.Folder, recursive: true);
    }

    private static readonly Snapshot NoSnapshot = new()
    {
        Version = 1,
        LoadedAt = Noon,
        Server = new ServerSettings([], 0, 0, TimeSpan.Zero),
        Providers = FrozenDictionary<string, Provider>.Empty,
        Deployments = FrozenDictionary<string, Deployment>.Empty,
        Routes = FrozenDictionary<string, Route>.Empty,
        Prices = PriceBook.Empty,
        Tenants = FrozenDictionary<string, Tenant>.Empty,
        Keys = [],
    };

    private sealed class Meters : IMeterFactory
    {
        private readonly List<Meter> _meters = [];

        public Meter Create(MeterOptions options)
        {
            var meter = new Meter(options);
            _meters.Add(meter);
            return meter;
        }

        public void Dispose() => _meters.ForEach(meter => meter.Dispose());
    }
}
