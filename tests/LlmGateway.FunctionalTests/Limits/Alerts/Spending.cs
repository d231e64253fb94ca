using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Limits;
using LlmGateway.Limits.Alerts;

namespace LlmGateway.FunctionalTests.Limits.Alerts;

/// <summary>A ledger in which every hour of the last weeks has cost the same, and the last ten minutes what a test says.</summary>
internal sealed class Spending : ISpendHistory
{
    public decimal UsualHour { get; init; }

    public decimal LastHour { get; set; }

    public ValueTask<IReadOnlyList<SpendEntry>> ReadAsync(SpendQuery query, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        if (query.Fine)
        {
            return Of([Entry(now, LastHour)]);
        }

        // The period until now, for the account, or the hours to learn from.
        var from = SpendPattern.HourOf(query.From > now.AddDays(-40) ? query.From : now.AddDays(-40));
        var hours = (int)((query.To < now ? query.To : now) - from).TotalHours;
        return Of([.. Enumerable.Range(0, hours).Select(i => Entry(from.AddHours(i), UsualHour))]);
    }

    private static ValueTask<IReadOnlyList<SpendEntry>> Of(SpendEntry[] entries) => ValueTask.FromResult<IReadOnlyList<SpendEntry>>(entries);

    private static SpendEntry Entry(DateTimeOffset at, decimal amount) => new(at, Currency.Usd, Nanos.Of(amount), 1, 0, 0);
}
