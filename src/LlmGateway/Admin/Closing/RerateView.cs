using LlmGateway.Catalog;
using LlmGateway.Reports.Rerating;

namespace LlmGateway.Admin.Closing;

/// <summary>A re-rating.</summary>
/// <param name="Prices"><c>then</c> or <c>now</c>.</param>
/// <param name="Totals">The rows by currency.</param>
/// <param name="Overlapping">References of re-ratings that have some of these rows and others: booking is refused while there are any.</param>
/// <param name="Booked">Whether the differences are booked, under <paramref name="Reference"/>.</param>
/// <param name="Corrections">How many rows that made; null where nothing was to be booked.</param>
internal sealed record RerateView(
    DateTime From,
    DateTime To,
    string? Tenant,
    string? Deployment,
    string? Price,
    string Prices,
    IReadOnlyList<RerateRowView> Rows,
    IReadOnlyList<RerateRowView> Totals,
    IReadOnlyList<string> Overlapping,
    bool Booked,
    string? Reference,
    int? Corrections)
{
    public static RerateView Of(RerateReport report, string? reference, int? corrections)
    {
        var query = report.Query;
        return new RerateView(
            query.From.UtcDateTime, query.To.UtcDateTime, query.Tenant, query.Deployment, query.Price, query.Now ? "now" : "then",
            RerateRowView.Of(report, static key => (key.Tenant, key.Project, key.Deployment, key.Currency)),
            RerateRowView.Of(report, static key => (null, null, null, key.Currency)),
            report.Overlapping, corrections is not null, reference, corrections);
    }
}

/// <summary>Rows of a tenant, project and deployment in one currency.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Unpriced">Of these, what the price book cannot price: what they were booked at stands.</param>
/// <param name="NewlyPriced">Of these, what had no cost and has one now.</param>
/// <param name="Booked">What the rows were booked at; null, as the others, where there is neither a cost nor a price.</param>
/// <param name="Corrected">What re-ratings before have added.</param>
/// <param name="Rerated">What they come to.</param>
/// <param name="Difference">Of that to what is booked and corrected.</param>
internal sealed record RerateRowView(
    string? Tenant,
    string? Project,
    string? Deployment,
    long Rows,
    long Unpriced,
    long NewlyPriced,
    MoneyView? Booked,
    MoneyView? Corrected,
    MoneyView? Rerated,
    MoneyView? Difference)
{
    public static IReadOnlyList<RerateRowView> Of(RerateReport report, Func<RerateKey, (string? Tenant, string? Project, string? Deployment, string? Currency)> by)
    {
        var sums = new Dictionary<(string? Tenant, string? Project, string? Deployment, string? Currency), RerateSums>();
        foreach (var (key, sum) in report.Sums)
        {
            if (!sums.TryGetValue(by(key), out var group))
            {
                sums[by(key)] = group = new RerateSums();
            }

            group.Add(sum);
        }

        return
        [
            .. sums.OrderBy(static sum => sum.Key.Tenant, StringComparer.Ordinal).ThenBy(static sum => sum.Key.Project, StringComparer.Ordinal)
                .ThenBy(static sum => sum.Key.Deployment, StringComparer.Ordinal).ThenBy(static sum => sum.Key.Currency, StringComparer.Ordinal)
                .Select(static sum => Of(sum.Key, sum.Value)),
        ];
    }

    private static RerateRowView Of((string? Tenant, string? Project, string? Deployment, string? Currency) key, RerateSums sum)
    {
        return new RerateRowView(
            key.Tenant, key.Project, key.Deployment, sum.Rows, sum.Unpriced, sum.NewlyPriced, Money(sum.Booked), Money(sum.Corrected), Money(sum.Rerated), Money(sum.Difference));

        MoneyView? Money(decimal amount) => key.Currency is { } currency ? MoneyView.Of(new Money(amount, new Currency(currency))) : null;
    }
}
