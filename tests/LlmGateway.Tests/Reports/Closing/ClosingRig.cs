using System.Collections.Frozen;
using System.Globalization;
using Dapper;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Ledger;
using LlmGateway.Ledger.Postgres;
using LlmGateway.Ledger.Sqlite;
using LlmGateway.Protocols.Usage;
using LlmGateway.Reports;
using LlmGateway.Reports.Closing;
using LlmGateway.Reports.Rerating;
using LlmGateway.Storage;
using LlmGateway.Tests.Ledger;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Reports.Closing;

/// <summary>A row that was charged for.</summary>
internal sealed record ChargedRow
{
    public string Operation { get; init; } = Guid.CreateVersion7().ToString();

    public string? Tenant { get; init; } = "acme";

    public string? Project { get; init; } = "search";

    public string? Key { get; init; } = "key_1";

    public string Deployment { get; init; } = "acme/one";

    public string StartedAt { get; init; } = "2026-11-23T12:00:00.000000Z";

    public TokenUsage Usage { get; init; } = new(1000, 0, 0, 100, 0);

    public string UsageSource { get; init; } = "measured";

    public string? Units { get; init; }

    public Money? Cost { get; init; }

    public string? PriceRef { get; init; }

    public string Cause { get; init; } = "primary";
}

/// <summary>A ledger of the embedded database, and what closes and corrects it, some days after November.</summary>
internal sealed class ClosingRig : IDisposable
{
    public static readonly Period November = new(2026, 11);

    private readonly LedgerRig _ledger = new();
    private readonly Fixed _snapshots;

    public ClosingRig()
    {
        Books = new Books(Database, postgres: null);
        Store = new PeriodStore(Books);
        Count = new PeriodCount(Books, Usage);
        Closing = new PeriodClosing(Books, Store, Count, UnderWay, new OtherOutboxes(Books), Time, NullLogger<PeriodClosing>.Instance);
        Corrections = new CorrectionBook(Books, new LedgerPartitions(Time, NullLogger.Instance), new LedgerNode("n"), Time, NullLogger<CorrectionBook>.Instance);
        _snapshots = new Fixed(Snapshot());
        Rerater = new Rerater(new ChargeReader(Books), Corrections, new ConfiguredRatings(_snapshots, Time));
    }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.Parse("2026-12-05T08:30:00Z", CultureInfo.InvariantCulture));

    public SqliteDatabase Database => _ledger.Database;

    public UsageLedger Usage => new(Database, postgres: null);

    public Books Books { get; }

    public PeriodStore Store { get; }

    public PeriodCount Count { get; }

    public PeriodClosing Closing { get; }

    public CorrectionBook Corrections { get; }

    public Rerater Rerater { get; }

    public Attempts UnderWay { get; } = new();

    /// <summary>Audit rows, as they were asked for.</summary>
    public int Audited { get; private set; }

    /// <summary>The price book from now on.</summary>
    public void SetPrices(params PriceEntry[] entries) => _snapshots.Current = _snapshots.Current with { Prices = new PriceBook(entries) };

    public Task<CloseResult> CloseAsync(bool force = false, Period? period = null) => Closing.CloseAsync(period ?? November, force, "admin", _ => Audited++, default);

    public async Task<PeriodCheck> CheckAsync() => await Closing.CheckAsync((await Store.FindAsync(November, default))!, default);

    public Task<BookingResult> BookAsync(BookingDraft draft) => Corrections.BookAsync(draft, "admin", _ => Audited++, default);

    public async Task<RerateReport> RerateAsync(string from = "2026-11-01", string to = "2026-12-01", string? tenant = null, string? deployment = null, string? price = null, bool now = false) =>
        await Rerater.CountAsync(new RerateQuery(Instant(from), Instant(to), tenant, deployment, price, now), default);

    /// <summary>Counts and books, as the admin API does.</summary>
    public async Task<BookingResult> BookRatingAsync(string reference, RerateReport report) =>
        await BookAsync(new BookingDraft(reference, BookingKind.Rerating, report.Query.Write(), "{}", report.Lines("again"), report.Ratings));

    public void Book(params IEnumerable<ChargedRow> rows)
    {
        using var connection = Database.Open();
        using var transaction = connection.BeginTransaction();
        connection.Execute(
            """
            INSERT INTO ledger (operation_id, attempt, cause, tenant, project, key_id, tags, dialect, endpoint, deployment, provider, stream, started_at, finished_at,
              input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, units, usage_source, currency, cost, price_ref, price_status,
              cache_status, node, schema)
            VALUES (@Operation, 1, @Cause, @Tenant, @Project, @Key, '{}', 'openai', 'chat.completions', @Deployment, 'acme', 0, @StartedAt, @StartedAt,
              @Input, @Cached, @Written, @Output, @Reasoning, @Units, @UsageSource, @Currency, @Cost, @PriceRef, @Status, 'off', 'n', 1)
            """,
            rows.Select(static row => new
            {
                row.Operation,
                row.Cause,
                row.Tenant,
                row.Project,
                row.Key,
                row.Deployment,
                row.StartedAt,
                Input = row.Usage.InputTokens,
                Cached = row.Usage.CachedInputTokens,
                Written = row.Usage.CacheWriteTokens,
                Output = row.Usage.OutputTokens,
                Reasoning = row.Usage.ReasoningTokens,
                row.Units,
                row.UsageSource,
                Currency = row.Cost?.Currency.Code,
                Cost = row.Cost?.AmountText,
                row.PriceRef,
                Status = row.Cost is null ? "unpriced" : "priced",
            }),
            transaction);
        transaction.Commit();
    }

    public void Execute(string sql)
    {
        using var connection = Database.Open();
        connection.Execute(sql);
    }

    public T Scalar<T>(string sql)
    {
        using var connection = Database.Open();
        return connection.ExecuteScalar<T>(sql)!;
    }

    /// <summary>What the ledger has cost, by currency, added up by the test itself.</summary>
    public SortedDictionary<string, decimal> Sums(string where = "true")
    {
        using var connection = Database.Open();
        var sums = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var (currency, cost) in connection.Query<(string, string)>($"SELECT currency, cost FROM ledger WHERE cost IS NOT NULL AND {where}"))
        {
            sums[currency] = sums.GetValueOrDefault(currency) + decimal.Parse(cost, CultureInfo.InvariantCulture);
        }

        return sums;
    }

    public void RollUp()
    {
        using var rollUps = new SqliteRollUps(Database);
        while (rollUps.Step())
        {
        }
    }

    public void Forget(string before)
    {
        using var rollUps = new SqliteRollUps(Database);
        while (rollUps.Step() || rollUps.Forget(before))
        {
        }
    }

    public void Dispose() => _ledger.Dispose();

    public static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static Snapshot Snapshot()
    {
        var provider = new Provider { Name = "acme", Dialect = Dialect.OpenAI };
        return new Snapshot
        {
            Version = 1,
            LoadedAt = LedgerRig.Noon,
            Server = new ServerSettings([], 0, 0, TimeSpan.Zero),
            Providers = FrozenDictionary<string, Provider>.Empty,
            Deployments = new[] { "acme/one", "acme/two" }.ToFrozenDictionary(
                static name => name, name => new Deployment { Name = name, Provider = provider, Model = "m", PriceName = name }),
            Routes = FrozenDictionary<string, Route>.Empty,
            Prices = PriceBook.Empty,
            Tenants = FrozenDictionary<string, Tenant>.Empty,
            Keys = [],
        };
    }

    internal sealed class Attempts : IRowsUnderWay
    {
        public int Count { get; set; }

        public int InFlight(DateTimeOffset from, DateTimeOffset to) => Count;
    }

    private sealed class Fixed(Snapshot snapshot) : ISnapshotSource
    {
        public event Action<Snapshot> Changed
        {
            add { }
            remove { }
        }

        public Snapshot Current { get; set; } = snapshot;
    }
}
