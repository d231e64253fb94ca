using LlmGateway.Catalog;

namespace LlmGateway.Routing;

/// <summary>
/// Decides which deployments of a route are asked, in which order and why. The same for a request and for a dry run: it counts nothing,
/// takes no probe, and with the same state, time and seed decides the same.
/// </summary>
internal sealed class RoutePlanner(ICandidateHealth health, IPrefixAffinity affinity)
{
    /// <summary>Routes are short; a longer one costs an array.</summary>
    private const int OnStack = 64;

    public RouteDecision Decide(
        RouteRuntime route, IRoutingPolicy policy, in RequestFacts facts, Requirements require, DateTimeOffset now, ulong seed)
    {
        var count = route.Candidates.Length;
        var verdicts = new Verdict[count];
        for (var i = 0; i < count; i++)
        {
            verdicts[i].Candidate = route.Candidates[i];
        }

        if (route.Route.Affinity is Affinity.Prefix && facts.Exchange is { } exchange)
        {
            affinity.Predict(exchange, route, verdicts);
        }

        var output = facts.ExpectedOutput(route.History.Mean);
        for (var i = 0; i < count; i++)
        {
            Judge(ref verdicts[i], route, facts, require, output, now);
        }

        var standing = count <= OnStack ? stackalloc int[count] : new int[count];
        standing = standing[..Stand(verdicts, standing, out var gravity)];
        if (standing.Length > 0)
        {
            var ballot = new Ballot(verdicts, standing, route.Route, facts.Identity, new DecisionRandom(seed));
            Score(ref ballot, policy, gravity, now);
            Ranking.Rank(ref ballot);
        }

        var planned = standing.Length + AppendWaiting(verdicts, standing.Length);

        return new RouteDecision(route.Route, policy.Name, now, facts.InputTokens, output, verdicts)
        {
            Needs = facts.Needs,
            MaxOutput = facts.MaxOutput,
            Require = require,
            Ceiling = Math.Min(route.Ceiling, facts.MaxCost),
            Currency = route.Currency,
            Standing = planned,
        };
    }

    private void Judge(ref Verdict verdict, RouteRuntime route, in RequestFacts facts, Requirements require, long output, DateTimeOffset now)
    {
        var candidate = verdict.Candidate;
        var price = route.PriceOf(candidate.Index, facts.Exchange?.PricedAt ?? now);
        var look = health.Look(candidate, facts.InputTokens + output, now);
        verdict.CachedTokens = Math.Clamp(verdict.CachedTokens, 0, facts.InputTokens);
        verdict.Cost = price.Cost(facts.InputTokens, verdict.CachedTokens, output, out verdict.Saving);
        verdict.Latency = look.FirstToken is { } first ? first + output * (look.PerToken ?? 0) : double.NaN;
        verdict.LatencyAge = look.MeasuredAt is { } measured ? (now - measured).TotalSeconds : double.NaN;
        verdict.Headroom = look.Headroom;
        verdict.Quality = candidate.Deployment.Quality ?? double.NaN;
        verdict.InFlight = look.InFlight;
        verdict.FailureShare = look.FailureShare;
        CandidateFilter.Judge(ref verdict, route, price.IsPriced, facts, require, look, now);
    }

    /// <summary>Writes the indexes of those that are asked: those that nothing excludes, else those whose exclusion is the mildest soft one.</summary>
    /// <param name="gravity">Of what is overlooked; 0 for nothing.</param>
    private static int Stand(Verdict[] verdicts, Span<int> standing, out int gravity)
    {
        gravity = int.MaxValue;
        var count = 0;
        for (var i = 0; i < verdicts.Length; i++)
        {
            ref var verdict = ref verdicts[i];
            var own = verdict.Exclusion is Exclusion.None ? 0 : verdict.IsSoft ? CandidateFilter.Gravity(verdict.Exclusion) : int.MaxValue;
            if (own == int.MaxValue || own > gravity)
            {
                continue;
            }

            count = own < gravity ? 0 : count;
            gravity = own;
            standing[count++] = i;
        }

        return count;
    }

    /// <summary>
    /// Behind those that are asked now stand those that rest, the soonest first: when all of the others fail, waiting for one of them is better
    /// than failing. Returns how many.
    /// </summary>
    private static int AppendWaiting(Verdict[] verdicts, int ranked)
    {
        var count = 0;
        while (ranked > 0)
        {
            var soonest = -1;
            for (var i = 0; i < verdicts.Length; i++)
            {
                ref var verdict = ref verdicts[i];
                if (verdict is { Rank: 0, IsSoft: true, Exclusion: Exclusion.Resting or Exclusion.Quota }
                    && (soonest < 0 || verdict.RestsUntil < verdicts[soonest].RestsUntil))
                {
                    soonest = i;
                }
            }

            if (soonest < 0)
            {
                break;
            }

            verdicts[soonest].Rank = ranked + ++count;
        }

        return count;
    }

    private static void Score(ref Ballot ballot, IRoutingPolicy policy, int gravity, DateTimeOffset now)
    {
        if (SoftOrder.Applies(gravity))
        {
            SoftOrder.Score(ballot, now);
            return;
        }

        policy.Score(ref ballot);
        if (ballot.Route.Affinity is Affinity.Prefix && !policy.ScoresMoney)
        {
            AffinityBonus.Apply(ballot);
        }
    }
}
