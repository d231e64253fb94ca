using LlmGateway.Catalog;
using LlmGateway.FunctionalTests.Ledger;
using LlmGateway.Ledger;
using LlmGateway.Ledger.Postgres;
using LlmGateway.Metering;
using LlmGateway.Reports;
using LlmGateway.Reports.Closing;
using LlmGateway.Reports.Rerating;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.FunctionalTests.Closing;

/// <summary>A node that ships its rows to a PostgreSQL that others share, and closes and corrects there.</summary>
internal sealed class ClosingNode : IAsyncDisposable, IRowsUnderWay, IRatings
{
    public static readonly Period November = new(2026, 11);

    /// <summary>Some days after November.</summary>
    public static readonly DateTimeOffset Now = new(2026, 12, 5, 8, 30, 0, TimeSpan.Zero);

    public ClosingNode(string connection, string name)
    {
        Shipping = new ShippingNode(connection, name, new LedgerOptions { ShipRows = 200, ShipInterval = TimeSpan.FromMilliseconds(20) });
        Books = new Books(Shipping.Sqlite, Shipping.Postgres);
        Store = new PeriodStore(Books);
        Count = new PeriodCount(Books, Usage);
        Closing = new PeriodClosing(Books, Store, Count, this, new OtherOutboxes(Books), Time, NullLogger<PeriodClosing>.Instance);
        Corrections = new CorrectionBook(Books, Shipping.Partitions, new LedgerNode(name), Time, NullLogger<CorrectionBook>.Instance);
        Rerater = new Rerater(new ChargeReader(Books), Corrections, this);
    }

    public FakeTimeProvider Time { get; } = new(Now);

    public ShippingNode Shipping { get; }

    public Books Books { get; }

    public OutboxNotes Notes => new(Shipping.Postgres, Shipping.Sqlite, Shipping.Options, Time, NullLogger<OutboxNotes>.Instance);

    public PeriodStore Store { get; }

    public PeriodCount Count { get; }

    public PeriodClosing Closing { get; }

    public CorrectionBook Corrections { get; }

    public Rerater Rerater { get; }

    public UsageLedger Usage => new(Shipping.Sqlite, Shipping.Postgres);

    /// <summary>What everything is priced by.</summary>
    public PriceEntry? Price { get; set; }

    public Task<CloseResult> CloseAsync(bool force = false) => Closing.CloseAsync(November, force, "admin", static _ => { }, default);

    public async Task<PeriodCheck> CheckAsync() => await Closing.CheckAsync((await Store.FindAsync(November, default))!, default);

    public Task<BookingResult> BookAsync(BookingDraft draft) => Corrections.BookAsync(draft, "admin", static _ => { }, default);

    public Task<RerateReport> RerateAsync() => Rerater.CountAsync(new RerateQuery(November.From, November.To, null, null, null, Now: false), default);

    public Task<BookingResult> BookAsync(string reference, RerateReport report) =>
        BookAsync(new BookingDraft(reference, BookingKind.Rerating, report.Query.Write(), "{}", report.Lines("again"), report.Ratings));

    public int InFlight(DateTimeOffset from, DateTimeOffset to) => 0;

    public Func<Charge, Rating> Take(bool now) => charge => new Rating(Price!.Name, CostCalculator.Cost(Price!, charge.StartedAt, charge.Usage, charge.Answered ? 1 : 0).Cost);

    public ValueTask DisposeAsync() => Shipping.DisposeAsync();
}
