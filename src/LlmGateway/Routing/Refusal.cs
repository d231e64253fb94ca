using LlmGateway.Catalog;
using LlmGateway.Gateway;

namespace LlmGateway.Routing;

/// <summary>
/// Finds what to tell a client when nobody can take its request. What is out of service is out for everybody; what excludes the others
/// tells whose affair it is: the client's where all lack a capability or are dearer than its own ceiling, and where a cheaper request would be
/// below the route's; else the operator's.
/// </summary>
internal static class Refusal
{
    /// <summary>Dead credentials are tried again about so often.</summary>
    private static readonly TimeSpan ProbePause = TimeSpan.FromMinutes(1);

    /// <param name="plan">Without steps.</param>
    /// <param name="ownCeiling">The client's own, in the base currency.</param>
    public static GatewayError Of(RoutePlan plan, double ownCeiling)
    {
        var (lack, dear, unpriced, others, revivable, affordable) = (Capabilities.None, 0, 0, 0, false, false);
        var noChat = false;
        var inService = 0;
        Route? limited = null;
        Deployment? spent = null;
        Deployment? refused = null;
        foreach (var decision in plan.Decisions)
        {
            var routeCeiling = decision.Route.MaxCost is { } most ? (double)most : double.PositiveInfinity;
            foreach (ref readonly var verdict in decision.Verdicts.AsSpan())
            {
                limited ??= verdict.Exclusion is Exclusion.MaxCost && routeCeiling > 0 && verdict.Cost > routeCeiling ? decision.Route : null;
                inService += verdict.Exclusion is Exclusion.Stage or Exclusion.Credential ? 0 : 1;
                switch (verdict.Exclusion)
                {
                    case Exclusion.Stage:
                        break;
                    case Exclusion.Credential:
                        if (verdict.Candidate.Deployment is { Provider.Usable: true } deployment)
                        {
                            revivable = true;
                            _ = IsSpent(verdict.Candidate) ? spent ??= deployment : refused ??= deployment;
                        }

                        break;
                    case Exclusion.Capability:
                        lack |= verdict.Missing;
                        noChat |= verdict.Missing == 0;
                        break;
                    case Exclusion.Unpriced:
                        unpriced++;
                        break;
                    case Exclusion.MaxCost when verdict.Cost > ownCeiling || ownCeiling < routeCeiling:
                        dear++;
                        affordable |= !(verdict.Cost > routeCeiling);
                        break;
                    case Exclusion.MaxCost when verdict.Cost > routeCeiling && routeCeiling > 0:
                        break;
                    default:
                        others++;
                        break;
                }
            }
        }

        var name = plan.Route.Name;
        if (inService > 0 && others == 0)
        {
            if (dear == 0 && unpriced == 0 && limited is null)
            {
                return RoutingErrors.Unsupported(name, noChat ? "chat" : CapabilityNames.Of(lack));
            }

            if (dear > 0 && affordable && unpriced == 0)
            {
                return RoutingErrors.TooDear(name, VerdictText.Amount(ownCeiling, plan.Decisions[0].Currency), Reasons(plan, Exclusion.MaxCost));
            }

            if (unpriced == inService)
            {
                return RoutingErrors.Unpriced(name, Reasons(plan, Exclusion.Unpriced));
            }
        }

        // Nobody else is there: what the provider said when it was last asked is what it would say now.
        if (inService == 0 && revivable)
        {
            return refused is null ? RoutingErrors.Spent(spent!.Name, ProbePause) : RoutingErrors.Refused(refused.Name, ProbePause);
        }

        // Looked at last of all that is hard: nothing but its cost keeps the request from that deployment.
        if (limited is not null && !revivable)
        {
            return RoutingErrors.AboveCeiling(name, VerdictText.Amount((double)limited.MaxCost!.Value, plan.Decisions[0].Currency), Reasons(plan, Exclusion.MaxCost));
        }

        return RoutingErrors.Unavailable(name, Reasons(plan, null), revivable ? ProbePause : null);
    }

    private static bool IsSpent(Candidate candidate)
    {
        var credentials = candidate.State.Provider.CredentialsOf(candidate.Deployment.Provider);
        foreach (var credential in credentials)
        {
            if (!credential.IsSpent)
            {
                return false;
            }
        }

        return credentials.Count > 0;
    }

    private static string Reasons(RoutePlan plan, Exclusion? only)
    {
        var reasons = new List<string>();
        foreach (var decision in plan.Decisions)
        {
            foreach (ref readonly var verdict in decision.Verdicts.AsSpan())
            {
                if (verdict.Exclusion == (only ?? verdict.Exclusion) && VerdictText.Of(decision, verdict) is var reason && !reasons.Contains(reason))
                {
                    reasons.Add(reason);
                }
            }
        }

        return string.Join("; ", reasons);
    }
}
