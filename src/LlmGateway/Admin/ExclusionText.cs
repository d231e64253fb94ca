using System.Globalization;
using System.Text.Json;
using LlmGateway.Catalog;
using LlmGateway.Routing;

namespace LlmGateway.Admin;

/// <summary>Words an exclusion, with the figures that it rests on.</summary>
internal static class ExclusionText
{
    /// <summary>As the admin API spells it; null for none.</summary>
    public static string? NameOf(Exclusion exclusion) =>
        exclusion is Exclusion.None ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(exclusion.ToString());

    /// <param name="require">What the tenant requires of a deployment; null where there is no tenant or it requires nothing.</param>
    public static string? Reason(RouteDecision decision, in Verdict verdict, Currency currency, Requirements? require)
    {
        var deployment = verdict.Candidate.Deployment;
        return verdict.Exclusion switch
        {
            Exclusion.None => null,
            Exclusion.Stage => $"it is in stage {deployment.Stage.ToString().ToLowerInvariant()}",
            Exclusion.Credential => deployment.Provider.Usable
                ? $"no credential of provider {deployment.Provider.Name} works any more"
                : $"provider {deployment.Provider.Name} has no credential",
            Exclusion.Capability => verdict.IsSoft
                ? $"nobody has declared that it can do {Names(verdict.Missing)}"
                : $"it cannot do {Names(verdict.Missing)}",
            Exclusion.Region => $"its provider is in {(deployment.Provider.Region is { } region ? $"region {region}" : "no declared region")}, and the tenant requires {require?.Region ?? "another"}",
            Exclusion.Tag => Tag(deployment, require),
            Exclusion.Unpriced => $"no price of {deployment.PriceName} is in force, and the route refuses what is unpriced",
            Exclusion.MaxCost => MaxCost(decision, verdict, currency),
            Exclusion.Context => $"the request is estimated at {Number(decision.InputTokens)} input tokens, its context window has {Number(deployment.Context)}",
            Exclusion.MaxOutput => $"the request allows more output than the {Number(deployment.MaxOutput)} tokens that it can give",
            Exclusion.Breaker => $"its breaker is open{Until(verdict)}",
            Exclusion.Resting => $"it was asked to rest{Until(verdict)}",
            Exclusion.Quota => $"its quota is used up{Until(verdict)}",
            var unknown => NameOf(unknown),
        };
    }

    private static string Tag(Deployment deployment, Requirements? require)
    {
        var lacking = require?.Tags.Where(tag => deployment.Tags.GetValueOrDefault(tag.Key) != tag.Value).Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal);
        return $"it lacks a tag that the tenant requires{(lacking is null ? "" : $": {string.Join(", ", lacking)}")}";
    }

    private static string MaxCost(RouteDecision decision, in Verdict verdict, Currency currency)
    {
        var expected = MoneyView.Of(verdict.Cost, currency) is { } cost ? $"is expected to cost {cost.Amount} {cost.Currency}" : "has a cost that nobody knows";
        var ceiling = decision.Route.MaxCost is { } most ? $"; the route allows {new Money(most, currency)}" : "";
        return $"the request {expected}, beyond what route or client allow{ceiling}";
    }

    private static string Names(Capabilities capabilities) => string.Join(", ", DemandView.NamesOf(capabilities));

    private static string Number(long? value) => value?.ToString("N0", CultureInfo.InvariantCulture) ?? "none declared";

    private static string Until(in Verdict verdict) =>
        verdict.Until == default ? "" : $" until {verdict.Until.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)}";
}
