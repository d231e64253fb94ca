using System.Globalization;
using System.Runtime.CompilerServices;

namespace LlmGateway.Reports.Focus;

/// <summary>An export that is being read: a day in memory at most, and of that what the database sorts.</summary>
/// <param name="unpriced">Attempts that no price was in force for.</param>
internal sealed class FocusReading(FocusQuery query, IFocusDays days, FocusCharges charges, long unpriced) : IAsyncDisposable
{
    /// <summary>
    /// What is not in the export, in words; null where nothing is missing. A charge of FOCUS cannot be without its costs, and 0 would be wrong: so what
    /// has no price has no row.
    /// </summary>
    public string? Warning => unpriced == 0
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"{unpriced} attempts have no price and are not in this export; the usage report counts them as unpriced_attempts");

    /// <summary>To be read once. By day, and in it by tenant, project, deployment, provider, model, tags and currency.</summary>
    public async IAsyncEnumerable<FocusCharge> ChargesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var day = query.From; day < query.To; day = day.AddDays(1))
        {
            cancellation.ThrowIfCancellationRequested();
            var period = new FocusPeriod(day);
            await using var reading = await days.ReadAsync(query.Day(day), cancellation);
            foreach (var row in reading.Rows)
            {
                foreach (var charge in charges.Of(row, period))
                {
                    yield return charge;
                }
            }
        }
    }

    public ValueTask DisposeAsync() => days.DisposeAsync();
}
