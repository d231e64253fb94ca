using System.Globalization;

namespace LlmGateway.Reports.Reconciliation;

/// <summary>Holds a provider's export against the ledger, by day and model.</summary>
internal sealed class Reconciler(UsageLedger ledger, DriftRows rows)
{
    private static readonly int Attempts = Index("attempts");
    private static readonly int Input = Index("input_tokens");
    private static readonly int Cached = Index("cached_input_tokens");
    private static readonly int Written = Index("cache_write_tokens");
    private static readonly int Output = Index("output_tokens");
    private static readonly int Unpriced = Index("unpriced_attempts");
    private static readonly int Estimated = Index("estimated_attempts");

    /// <param name="provider">Whose export it is, as the configuration names it.</param>
    /// <param name="tolerance">A share that is no difference yet.</param>
    /// <exception cref="ReconciliationException">The export is not what the mapping says.</exception>
    public async Task<Reconciliation> RunAsync(string provider, Mapping mapping, Stream export, decimal tolerance, CancellationToken cancellation)
    {
        var reader = new ExportReader(mapping);
        var theirs = reader.Read(export);
        var zone = mapping.Config.Timezone;
        var days = theirs.Keys.Select(static cell => cell.Day).Order(StringComparer.Ordinal).ToArray();
        var (from, to) = (Start(days[0], zone), Start(days[^1], zone, plus: 1));
        var ours = await LedgerAsync(provider, from, to, zone, cancellation);
        var judge = new DriftJudge(tolerance);
        var found = new List<Drift>();
        foreach (var key in theirs.Keys.Select(Plain).Concat(ours.Keys).Distinct().OrderBy(static key => key.Day, StringComparer.Ordinal).ThenBy(static key => key.Model, StringComparer.Ordinal))
        {
            var exported = theirs.Where(cell => Plain(cell.Key) == key).ToArray();
            var booked = ours.GetValueOrDefault(key);
            var currency = exported.Select(static cell => cell.Key.Currency).FirstOrDefault(static code => code.Length > 0) ?? booked?.Currency ?? "";
            var other = booked is { Currency: var own } && own.Length > 0 && currency.Length > 0 && own != currency;
            var their = exported.Length == 0 ? null : exported.Select(static cell => cell.Value).Aggregate(static (sum, one) => sum.Plus(one));
            var (share, cause, explanation) = judge.Judge(
                other ? booked!.Figures with { Cost = null } : booked?.Figures, their, booked?.Estimated ?? 0, booked?.Unpriced ?? 0);
            if (other)
            {
                explanation = $"The costs are in {booked!.Currency} here and in {currency} there, and are not compared. {explanation}".Trim();
            }

            found.Add(new Drift(
                key.Day, key.Model, currency, booked?.Figures, their, decimal.Round(share, 6), cause, explanation,
                cause is DriftCause.None || booked is null ? [] : await rows.LargestAsync(provider, key.Model, Start(key.Day, zone), Start(key.Day, zone, plus: 1), cancellation)));
        }

        return new Reconciliation(provider, from, to, tolerance, reader.Records, found);
    }

    /// <summary>The ledger by day of the export's time zone and model.</summary>
    private async Task<Dictionary<(string Day, string Model), Booking>> LedgerAsync(string provider, DateTimeOffset from, DateTimeOffset to, TimeZoneInfo zone, CancellationToken cancellation)
    {
        var query = new UsageQuery(
            from, to, [UsageGroup.Find("hour")!, UsageGroup.Find("model")!], [new UsageFilter(UsageGroup.Filters.First(static group => group.Name == "provider"), [provider])]);
        var cells = new Dictionary<(string, string), Booking>();
        await using var reading = await ledger.OpenAsync(query, cancellation);
        foreach (var row in reading.Rows)
        {
            var hour = DateTimeOffset.Parse(row.Groups[0]!, CultureInfo.InvariantCulture);
            var key = (TimeZoneInfo.ConvertTime(hour, zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), row.Groups[1] ?? "");
            var figures = new Figures(
                row.Figures[Attempts], row.Figures[Input] - row.Figures[Cached] - row.Figures[Written], row.Figures[Cached], row.Figures[Written], row.Figures[Output], row.Cost?.Amount);
            var known = cells.GetValueOrDefault(key);
            cells[key] = new Booking(
                known?.Figures.Plus(figures) ?? figures,
                row.Cost?.Currency.Code ?? known?.Currency ?? "",
                (known?.Estimated ?? 0) + row.Figures[Estimated],
                (known?.Unpriced ?? 0) + row.Figures[Unpriced]);
        }

        return cells;
    }

    private static (string Day, string Model) Plain(Cell cell) => (cell.Day, cell.Model);

    private static DateTimeOffset Start(string day, TimeZoneInfo zone, int plus = 0)
    {
        var local = DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture).AddDays(plus).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }

    private static int Index(string name) => UsageColumn.All.TakeWhile(column => column.Name != name).Count();

    private sealed record Booking(Figures Figures, string Currency, long Estimated, long Unpriced);
}
