using LlmGateway.Reports.Closing;

namespace LlmGateway.Reports.Rerating;

/// <summary>What is corrected by one row of the ledger. The month, since a correction says which one it is about.</summary>
/// <param name="Currency">Null for rows that have neither a cost nor a price.</param>
internal readonly record struct RerateKey(string? Tenant, string? Project, string? KeyId, string? Deployment, string? Currency, Period Period);

/// <summary>Rows of a key, counted.</summary>
internal sealed class RerateSums
{
    public long Rows { get; set; }

    /// <summary>Rows that cannot be priced: what they were booked at stands.</summary>
    public long Unpriced { get; set; }

    /// <summary>Rows that had no cost, and have one now.</summary>
    public long NewlyPriced { get; set; }

    /// <summary>What the rows were booked at.</summary>
    public decimal Booked { get; set; }

    /// <summary>What re-ratings before have booked on top of that.</summary>
    public decimal Corrected { get; set; }

    /// <summary>What they come to at these prices.</summary>
    public decimal Rerated { get; set; }

    public decimal Difference => Rerated - Booked - Corrected;

    public string? Provider { get; set; }

    public void Add(RerateSums other)
    {
        Rows += other.Rows;
        Unpriced += other.Unpriced;
        NewlyPriced += other.NewlyPriced;
        Booked += other.Booked;
        Corrected += other.Corrected;
        Rerated += other.Rerated;
    }
}

/// <summary>A re-rating as it was counted.</summary>
/// <param name="Overlapping">References of re-ratings that have some of these rows and others: on top of them nothing can be booked.</param>
/// <param name="Ratings">How many re-ratings were booked when it was counted.</param>
internal sealed record RerateReport(
    RerateQuery Query, IReadOnlyDictionary<RerateKey, RerateSums> Sums, IReadOnlyList<string> Overlapping, int Ratings)
{
    /// <summary>The most that one row has: SQLite adds up 1e-9 of a unit in 64 bits.</summary>
    private const decimal MostOfRow = 9_000_000_000m;

    /// <summary>What is to be booked, in a fixed order.</summary>
    public IReadOnlyList<CorrectionLine> Lines(string reason) =>
    [
        .. Sums.Where(static sum => sum.Key.Currency is not null && sum.Value.Difference != 0)
            .OrderBy(static sum => sum.Key.Period.From)
            .ThenBy(static sum => sum.Key.Tenant, StringComparer.Ordinal)
            .ThenBy(static sum => sum.Key.Project, StringComparer.Ordinal)
            .ThenBy(static sum => sum.Key.KeyId, StringComparer.Ordinal)
            .ThenBy(static sum => sum.Key.Deployment, StringComparer.Ordinal)
            .ThenBy(static sum => sum.Key.Currency, StringComparer.Ordinal)
            .SelectMany(sum => Parts(sum.Value.Difference).Select(part => new CorrectionLine(
                sum.Key.Period, sum.Key.Tenant, sum.Key.Project, sum.Key.KeyId, sum.Key.Deployment, sum.Value.Provider,
                new Catalog.Money(part, new Catalog.Currency(sum.Key.Currency!)), reason))),
    ];

    private static IEnumerable<decimal> Parts(decimal amount)
    {
        for (; Math.Abs(amount) > MostOfRow; amount -= Math.Sign(amount) * MostOfRow)
        {
            yield return Math.Sign(amount) * MostOfRow;
        }

        yield return amount;
    }
}
