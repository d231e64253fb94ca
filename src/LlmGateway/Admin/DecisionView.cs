using System.Text.Json;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Routing;

namespace LlmGateway.Admin;

/// <summary>A decision with everything that it rested on; the same for a dry run and for an exchange that happened.</summary>
/// <param name="Policy">By which the deployments were ordered.</param>
/// <param name="At">The instant whose prices were looked at. States are those of the decision; of a dry run those of now, whatever time it asks about.</param>
/// <param name="Deployments">Every one that was considered, in the order of the route.</param>
/// <param name="Fallbacks">What the request's own <c>fallbacks</c> added.</param>
/// <param name="Plan">Who is asked, in this order; empty where the request is refused.</param>
/// <param name="Refusal">Null where there is a plan.</param>
/// <param name="KeyStatus">
/// Of the key that a dry run names: <c>active</c>, or why a request with it would be refused before anything is decided; null for no key, and for
/// an exchange of the past, whose key was good.
/// </param>
internal sealed record DecisionView(
    string Route,
    string? Policy,
    DateTime At,
    DemandView? Request,
    IReadOnlyList<VerdictView> Deployments,
    IReadOnlyList<FallbackView> Fallbacks,
    IReadOnlyList<StepView> Plan,
    RefusalView? Refusal,
    string? KeyStatus)
{
    /// <param name="view">How a verdict is shown.</param>
    public static DecisionView Of(
        string route,
        DateTimeOffset at,
        EndpointKind endpoint,
        in DemandFacts request,
        IReadOnlyList<RouteDecision> decisions,
        IReadOnlyList<PlanStep> steps,
        RefusalView? refusal,
        Func<RouteDecision, Verdict, ScorePart[]?, VerdictView> view)
    {
        var first = decisions.Count > 0 ? decisions[0] : null;
        return new DecisionView(
            first?.Route.Name ?? route,
            first?.Policy,
            (first?.At ?? at).UtcDateTime,
            DemandView.Of(endpoint, request, first),
            Verdicts(first, view),
            [.. decisions.Skip(1).Select(more => new FallbackView(more.Route.Name, more.Policy, Verdicts(more, view)))],
            [.. steps.Select(StepView.Of)],
            refusal,
            null);
    }

    private static IReadOnlyList<VerdictView> Verdicts(RouteDecision? decision, Func<RouteDecision, Verdict, ScorePart[]?, VerdictView> view) =>
        decision is null ? [] : [.. decision.Verdicts.Zip(ScoreParts.Of(decision), (verdict, parts) => view(decision, verdict, parts))];
}

/// <summary>What the request was taken to need.</summary>
/// <param name="InputTokens">Estimated; null where nothing was decided.</param>
/// <param name="ExpectedOutputTokens">From what the route's answers were lately; null where nothing was decided.</param>
/// <param name="MaxOutput">Largest output of one choice that the client allows; null when it set none.</param>
/// <param name="Needs">Capabilities, as the configuration spells them.</param>
internal sealed record DemandView(
    string Endpoint, bool Stream, long? InputTokens, long? ExpectedOutputTokens, long? MaxOutput, int Choices, IReadOnlyList<string> Needs)
{
    public static DemandView Of(EndpointKind endpoint, in DemandFacts request, RouteDecision? decision) => new(
        GatewayMetrics.EndpointName(endpoint), request.Stream, decision?.InputTokens, decision?.OutputTokens, request.MaxOutput, request.Choices,
        NamesOf(request.Needs));

    public static IReadOnlyList<string> NamesOf(Capabilities capabilities) =>
        [.. Enum.GetValues<Capabilities>().Where(one => one != 0 && capabilities.HasFlag(one)).Select(one => JsonNamingPolicy.SnakeCaseLower.ConvertName(one.ToString()))];
}

/// <summary>The deployments of a route or deployment that the request names as a fallback.</summary>
internal sealed record FallbackView(string Route, string Policy, IReadOnlyList<VerdictView> Deployments);

/// <summary>One deployment of a plan.</summary>
/// <param name="NotBefore">It asked to be left alone until then; null for now.</param>
/// <param name="LastResort">Its breaker is open, and so is every other.</param>
/// <param name="Warning">What a client is told when this one answers; null for nothing.</param>
internal sealed record StepView(string Deployment, DateTime? NotBefore, bool LastResort, string? Warning)
{
    public static StepView Of(PlanStep step) => new(step.Candidate.Deployment.Name, step.NotBefore?.UtcDateTime, step.LastResort, step.Warning);
}

/// <summary>What the client is answered in place of a plan.</summary>
/// <param name="Message">Null where it is not kept: it may quote a provider.</param>
internal sealed record RefusalView(int Status, string? Code, string? Message)
{
    public static RefusalView Of(GatewayError error) => new(error.Status, error.Code, error.Message);
}

/// <summary>As the contract writes money: a decimal as text, so that no reader rounds it.</summary>
internal sealed record MoneyView(string Amount, string Currency)
{
    public static MoneyView? Of(Money? money) => money is { } amount ? new MoneyView(amount.AmountText, amount.Currency.Code) : null;

    /// <summary>Of an expectation; null for what nobody knows.</summary>
    public static MoneyView? Of(double amount, Currency currency) =>
        double.IsFinite(amount) && Math.Abs(amount) < (double)decimal.MaxValue / 2 ? Of(new Money((decimal)amount, currency)) : null;
}
