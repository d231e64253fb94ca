using System.Globalization;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Health;

namespace LlmGateway.Admin;

/// <summary>A deployment as the admin API shows it.</summary>
/// <param name="UnusableBecause">Why it takes no traffic; null when it is usable.</param>
/// <param name="PriceName">The entry of the price book that it refers to, whether there is one or not.</param>
/// <param name="Price">In force now; null while unpriced.</param>
/// <param name="Health">How it is now.</param>
internal sealed record DeploymentView(
    string Name,
    string Provider,
    string Model,
    string Stage,
    bool Usable,
    string? UnusableBecause,
    string? Region,
    int? Context,
    int? MaxOutput,
    IReadOnlyList<string> Capabilities,
    double? Quality,
    IReadOnlyDictionary<string, string> Tags,
    QuotaView? Quota,
    string PriceName,
    PriceView? Price,
    HealthView Health)
{
    public static DeploymentView Of(Deployment deployment, Snapshot snapshot, DeploymentState state, DateTimeOffset now) => new(
        deployment.Name,
        deployment.Provider.Name,
        deployment.Model,
        deployment.Stage.ToString().ToLowerInvariant(),
        deployment.Unusable is null,
        deployment.Unusable,
        deployment.Provider.Region,
        deployment.Context,
        deployment.MaxOutput,
        DemandView.NamesOf(deployment.Capabilities),
        deployment.Quality,
        deployment.Tags,
        deployment.Quota is { } quota ? QuotaView.Of(quota) : null,
        deployment.PriceName,
        snapshot.Prices.InForce(deployment.PriceName, now) is { } entry ? PriceView.Of(entry, now) : null,
        HealthView.Of(deployment, state, snapshot, now));
}

/// <summary>What the vendor grants, as configured; null is unlimited or unknown.</summary>
internal sealed record QuotaView(long? RequestsPerMinute, long? TokensPerMinute, int? Concurrent, long? RequestsPerDay, long? TokensPerDay)
{
    public static QuotaView Of(Quota quota) =>
        new(quota.RequestsPerMinute, quota.TokensPerMinute, quota.Concurrent, quota.RequestsPerDay, quota.TokensPerDay);
}

/// <summary>A price of this instant: rates with the multiplier of the hour, before any tier. Rates are decimals written as text.</summary>
/// <param name="Ref">As ledger rows name it.</param>
/// <param name="Per">So many tokens have these rates.</param>
/// <param name="Tiers">How many tiers may change the rates by the length of a request.</param>
internal sealed record PriceView(
    string Ref,
    string Currency,
    long Per,
    string? Input,
    string? CachedInput,
    string? CacheWrite,
    string? Output,
    string? Reasoning,
    string? PerRequest,
    int Tiers,
    string? Source)
{
    public static PriceView Of(PriceEntry entry, DateTimeOffset now)
    {
        var multiplier = entry.Windows is { } windows && windows.Contains(now) ? windows.Multiplier : (decimal?)null;
        var rates = entry.Rates.WithFallbacks();
        string? Now(decimal? rate) => Text(rate * (multiplier ?? 1));
        return new PriceView(
            PriceRef.Settled(entry, tier: null, multiplier, batch: null), entry.Currency.Code, entry.Per,
            Now(rates.Input), Now(rates.CachedInput), Now(rates.CacheWrite), Now(rates.Output), Now(rates.Reasoning),
            Text(entry.PerRequest), entry.Tiers.Count, entry.Source);
    }

    private static string? Text(decimal? amount) => amount?.ToString("0.############", CultureInfo.InvariantCulture);
}

/// <summary>One page of deployments, by name.</summary>
/// <param name="NextCursor">Ask with it for the next page; null at the end.</param>
internal sealed record DeploymentPage(IReadOnlyList<DeploymentView> Data, bool HasMore, string? NextCursor);
