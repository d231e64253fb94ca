using System.Diagnostics.Metrics;
using System.Globalization;
using Dapper;
using LlmGateway.Catalog;
using LlmGateway.Ledger;
using LlmGateway.Ledger.Postgres;
using LlmGateway.Storage;
using LlmGateway.Storage.Postgres;
using LlmGateway.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmGateway.FunctionalTests.Ledger;

/// <summary>A node's data folder with rows in it, and what brings them to PostgreSQL.</summary>
internal sealed class ShippingNode : IAsyncDisposable
{
    private static readonly string[] Tenants = ["acme", "globex", "日本"];
    private static readonly string?[] Models = [null, "small", "Large", ""];
    private static readonly (string? Currency, decimal? Cost, decimal? Saving)[] Costs =
        [(null, null, null), ("USD", 0.000000001m, 0m), ("CNY", 12.345678901m, null), ("VND", 9_000_000_000.999999999m, 0.5m), ("USD", 1.5m, 3.141592653m)];

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly PostgresDatabase _postgres;
    private readonly string _name;
    private OutboxShipper? _shipper;

    /// <param name="connection">Where its rows go.</param>
    /// <param name="name">Its name in the rows.</param>
    public ShippingNode(string connection, string name = "node", LedgerOptions? options = null)
    {
        _name = name;
        Options = options ?? new LedgerOptions { ShipRows = 500, ShipInterval = TimeSpan.FromMilliseconds(20), ShipTimeout = TimeSpan.FromSeconds(3) };
        Sqlite = new SqliteDatabase(Directory.CreateTempSubdirectory("shipping-").FullName);
        SqliteMigrations.Apply(Sqlite);
        _postgres = new PostgresDatabase(new Secret(connection), States, NullLogger<PostgresDatabase>.Instance);
    }

    public LedgerOptions Options { get; }

    public SqliteDatabase Sqlite { get; }

    public PostgresDatabase Postgres => _postgres;

    public DependencyStates States { get; } = new();

    public LedgerPartitions Partitions { get; } = new(TimeProvider.System, NullLogger.Instance);

    /// <summary>Rows of every kind, the same for the same seed.</summary>
    /// <param name="odd">Some have texts that PostgreSQL cannot store.</param>
    /// <param name="start">When the first began; the others follow within the span.</param>
    /// <param name="hits">Some are answers from caches, which are no attempts.</param>
    public void Book(int rows, int seed = 1, DateTimeOffset? start = null, TimeSpan? span = null, bool odd = true, bool hits = false)
    {
        var random = new Random(seed);
        using var connection = Sqlite.Open();
        using var transaction = connection.BeginTransaction();
        for (var row = 0; row < rows; row++)
        {
            var (currency, cost, saving) = Costs[random.Next(Costs.Length)];
            var at = (start ?? DateTimeOffset.Parse("2026-11-20T22:00:00Z", CultureInfo.InvariantCulture)) + ((span ?? TimeSpan.FromHours(60)) * random.NextDouble());
            var hit = hits && random.Next(5) == 0;
            connection.Execute(
                """
                INSERT INTO ledger (operation_id, attempt, cause, tenant, project, key_id, user_id, tags, dialect, endpoint, route, deployment, provider, model_asked,
                  model_answered, stream, started_at, first_event_at, finished_at, status, error_class, input_tokens, output_tokens, usage_source, currency, cost,
                  cost_parts, cache_saving, price_status, cache_status, units, node, schema, request_id)
                VALUES (@operation, @attempt, @cause, @tenant, @project, @key, @user, @tags, 'openai', 'chat.completions', @route, 'sim/small', 'sim', 'chat',
                  @model, @stream, @at, @first, @at, 200, @error, @input, @output, @source, @currency, @cost, @parts, @saving, @price, @cache, @units, @node, 1, @request)
                """,
                new
                {
                    operation = Guid.CreateVersion7(at).ToString(),
                    attempt = random.Next(1, 4),
                    tenant = Tenants[random.Next(Tenants.Length)],
                    project = random.Next(3) == 0 ? null : "p" + random.Next(2),
                    key = "key_" + random.Next(3),
                    user = random.Next(2) == 0 ? null : (odd ? "u\0" : "u") + random.Next(4),
                    tags = random.Next(3) switch { 0 => "{}", 1 => """{"team":"a"}""", _ => odd ? """{"team":"b\u0000c","half":"\ud800"}""" : """{"team":"日","x":"y"}""" },
                    route = random.Next(5) == 0 ? null : "chat",
                    model = Models[random.Next(Models.Length)],
                    stream = random.Next(2),
                    at = Text(at),
                    first = random.Next(2) == 0 ? null : Text(at.AddMilliseconds(250)),
                    error = random.Next(4) switch { 0 => "rate_limit", 1 => "cancelled", _ => null },
                    input = random.Next(5) == 0 ? (long?)null : random.Next(100_000),
                    output = random.Next(5) == 0 ? (long?)null : random.Next(5_000),
                    source = random.Next(4) == 0 ? "estimated" : "measured",
                    currency,
                    cost = cost?.ToString("F9", CultureInfo.InvariantCulture),
                    parts = PartsOf(cost, row),
                    saving = saving?.ToString("F9", CultureInfo.InvariantCulture),
                    price = cost is null ? "unpriced" : "priced",
                    cause = hit ? "cache" : "primary",
                    cache = hit ? "coalesced" : random.Next(6) == 0 ? "hit" : "off",
                    units = hit ? $$"""{"saved_input_tokens":{{random.Next(1_000)}},"saved_output_tokens":{{random.Next(1_000)}},"saved_ms":{{random.Next(60_000)}}}""" : null,
                    node = _name,
                    request = $"{_name}-{seed}-{row}",
                },
                transaction);
        }

        transaction.Commit();
    }

    // None in every third row, as in those of the version before; and what is far above all others is not split.
    private static string? PartsOf(decimal? cost, int row)
    {
        if (row % 3 == 0 || cost is not { } known || CostSplit.Of(known, known / 4, known / 4, 0, known / 2, 0) is not { } parts)
        {
            return null;
        }

        return $"[{parts.Input},{parts.CachedInput},{parts.CacheWrite},{parts.Output},{parts.Other}]";
    }

    public async Task StartAsync()
    {
        _shipper = new OutboxShipper(
            _postgres, Sqlite, Partitions, Options, new LedgerMetrics(_services.GetRequiredService<IMeterFactory>()), TimeProvider.System, NullLogger<OutboxShipper>.Instance);
        await _shipper.StartAsync(default);
    }

    public Task StopAsync() => _shipper!.StopAsync(default);

    public long Waiting()
    {
        using var connection = Sqlite.Open();
        return connection.ExecuteScalar<long>("SELECT COUNT(*) FROM ledger");
    }

    /// <summary>Until nothing waits any more.</summary>
    public async Task EmptyAsync()
    {
        var end = Environment.TickCount64 + 120_000;
        while (Waiting() > 0)
        {
            Assert.True(Environment.TickCount64 < end, $"{Waiting()} rows still wait; {States.All.FirstOrDefault()?.Why}");
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_shipper is not null)
        {
            await _shipper.StopAsync(default);
            _shipper.Dispose();
        }

        await _postgres.DisposeAsync();
        await _services.DisposeAsync();
        Directory.Delete(Sqlite.Folder, recursive: true);
    }

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
