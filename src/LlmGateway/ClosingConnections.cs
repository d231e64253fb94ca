using System.Globalization;
using System.Text.Json;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Ledger;
using LlmGateway.Metering;
using LlmGateway.Reports.Closing;
using LlmGateway.Reports.Rerating;

namespace LlmGateway;

/// <summary>Tells closing what of a month has no row yet.</summary>
internal sealed class LedgerRowsUnderWay(SlotLedger ledger) : IRowsUnderWay
{
    public int InFlight(DateTimeOffset from, DateTimeOffset to) => ledger.InFlightOf(from, to);
}

/// <summary>
/// Prices rows again with metering's calculator. A row goes by the name of its price that it was booked with, since the deployment may serve another model by
/// now; an unpriced one by the name that its deployment has in the configuration.
/// </summary>
internal sealed class ConfiguredRatings(ISnapshotSource snapshots, TimeProvider time) : IRatings
{
    public Func<Charge, Rating> Take(bool now)
    {
        var snapshot = snapshots.Current;
        var moment = now ? time.GetUtcNow() : (DateTimeOffset?)null;
        return charge => Rate(snapshot, charge, moment ?? charge.StartedAt);
    }

    private static Rating Rate(Snapshot snapshot, in Charge charge, DateTimeOffset at)
    {
        var name = PriceRef.NameOf(charge.PriceRef)
            ?? (charge.Deployment is { } deployment ? snapshot.Deployments.GetValueOrDefault(deployment)?.PriceName : null);
        if (name is null || snapshot.Prices.InForce(name, at) is not { } entry)
        {
            return new Rating(name, null);
        }

        // Which hours it is and how long the request was, the attempt says; which prices these are multiplied with, the entry.
        var batch = charge.PriceRef?.Contains(PriceRef.BatchMark, StringComparison.Ordinal) == true;
        return new Rating(name, CostCalculator.Cost(entry, charge.StartedAt, charge.Usage, charge.Answered ? 1 : 0, Units(charge.Units), batch).Cost);
    }

    /// <summary>The numbers among them: a row may say other things there.</summary>
    private static Dictionary<string, decimal>? Units(string? json)
    {
        if (json is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind is not JsonValueKind.Object ? null : document.RootElement.EnumerateObject()
            .Where(static member => member.Value.ValueKind is JsonValueKind.Number)
            .ToDictionary(static member => member.Name, static member => decimal.Parse(member.Value.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }
}
