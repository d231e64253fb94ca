using System.Globalization;
using LlmGateway.Catalog;

namespace LlmGateway.Routing;

/// <summary>Words a verdict with its figures, for people: the answer that refuses a request, and the explanation of a decision.</summary>
internal static class VerdictText
{
    /// <summary>Why the candidate is not asked, or only for want of another: one clause that begins with its name. Empty where nothing speaks against it.</summary>
    public static string Of(RouteDecision decision, in Verdict verdict)
    {
        var deployment = verdict.Candidate.Deployment;
        var name = deployment.Name;
        return verdict.Exclusion switch
        {
            Exclusion.None => "",
            Exclusion.Stage => deployment.Unusable ?? $"{name} is deprecated, and others of the route are not",
            Exclusion.Credential => deployment.Unusable ?? $"provider {deployment.Provider.Name} takes none of its credentials any more",
            Exclusion.Capability when verdict.Missing == 0 => $"{name} does no chat",
            Exclusion.Capability when verdict.IsSoft => $"{name} does not declare {CapabilityNames.Of(verdict.Missing)}, and others of the route do",
            Exclusion.Capability => $"{name} cannot do {CapabilityNames.Of(verdict.Missing)}",
            Exclusion.Region => $"{name} is in {(deployment.Provider.Region is { } region ? $"region {region}" : "no declared region")}, and the tenant requires {decision.Require.Region}",
            Exclusion.Tag => $"{name} does not carry {Tags(decision.Require, deployment)}, which the tenant requires",
            Exclusion.Unpriced => $"{name} has no price in force ({deployment.PriceName}), and the route refuses that",
            Exclusion.MaxCost when double.IsNaN(verdict.Cost) => $"{name} has no price that could be compared with the ceiling of {Amount(decision.Ceiling, decision.Currency)}",
            Exclusion.MaxCost => $"{name} is expected to cost {Amount(verdict.Cost, decision.Currency)}, more than the ceiling of {Amount(decision.Ceiling, decision.Currency)}",
            Exclusion.Weight => $"{name} has weight 0, and others of the route have more",
            Exclusion.Context => Inv($"{name} has a window of {deployment.Context} tokens, for {decision.InputTokens} of input (estimated) and {decision.MaxOutput ?? 0} of output"),
            Exclusion.MaxOutput => Inv($"{name} gives at most {deployment.MaxOutput} tokens of output, and {decision.MaxOutput} are allowed"),
            Exclusion.Breaker => Inv($"the breaker of {name} is open at {verdict.FailureShare:P0} failures{Until(verdict.Until)}"),
            Exclusion.Resting => $"{name} was asked to rest{Until(verdict.Until)}",
            Exclusion.Quota => $"the quota of {name} is used up{Until(verdict.Until)}",
            _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict.Exclusion, "This exclusion has no words."),
        };
    }

    /// <summary>Six digits say more than an estimate knows.</summary>
    public static string Amount(double amount, Currency currency) => Inv($"{Math.Round(amount, 9):0.#########} {currency}");

    private static string Tags(Requirements require, Deployment deployment) => string.Join(", ", require.Tags
        .Where(tag => deployment.Tags.GetValueOrDefault(tag.Key) != tag.Value)
        .OrderBy(tag => tag.Key, StringComparer.Ordinal)
        .Select(tag => $"{tag.Key}={tag.Value}"));

    private static string Until(DateTimeOffset until) => until == default ? "" : Inv($", until {until.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
