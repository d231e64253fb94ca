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

    private static readonly uint Waiting = Verdict.Reason(Exclusion.Resting) | Verdict.Reason(Exclusion.Quota);
    private static readonly uint Open = Verdict.Reason(Exclusion.Breaker);

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

        PredictedLatency.Complete(verdicts, output);
        var standing = count <= OnStack ? stackalloc int[count] : new int[count];
        standing = standing[..Stand(verdicts, standing, out var gravity)];
        if (standing.Length > 0)
        {
            var ballot = new Ballot(verdicts, standing, route.Route, facts.Identity, new DecisionRandom(seed));
            Score(ref ballot, policy, gravity, now);
            Ranking.Rank(ref ballot);
        }

        var planned = standing.Length == 0 ? 0 : AppendOthers(verdicts, standing, gravity, now, now + route.Route.Failover.Deadline);
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
        verdict.Latency = look.FirstToken ?? double.NaN;
        verdict.PerToken = look.PerToken ?? double.NaN;
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
    /// Behind those that are asked now stand those against which nothing speaks but that they rest: when all of the others fail, waiting for
    /// one of them is better than failing. And where there is nobody but who rests, behind them those whose breaker is open: a long rest
    /// leads to one that may be asked sooner. Returns how many are in the plan.
    /// </summary>
    private static int AppendOthers(Verdict[] verdicts, ReadOnlySpan<int> standing, int gravity, DateTimeOffset now, DateTimeOffset deadline)
    {
        var planned = Append(verdicts, standing.Length, Waiting, 0, now);
        if (gravity != CandidateFilter.Gravity(Exclusion.Resting))
        {
            return planned;
        }

        // One whose breaker stays open is left alone only for somebody who is back before it is too late.
        var inTime = verdicts[standing[0]].RestsUntil < deadline;
        var waiting = planned;
        planned = Append(verdicts, planned, Waiting | Open, Open, now);
        foreach (ref var verdict in verdicts.AsSpan())
        {
            if (verdict.Rank > waiting && verdict.Until > verdict.NotBefore && (inTime || verdict.Until < deadline))
            {
                verdict.NotBefore = verdict.Until;
            }
        }

        return planned;
    }

    /// <summary>Ranks those that are not in the plan yet and have reasons of these only, the needed ones among them, and says how many there are then.</summary>
    private static int Append(Verdict[] verdicts, int planned, uint reasons, uint needed, DateTimeOffset now)
    {
        while (true)
        {
            var (best, lowest) = (-1, double.PositiveInfinity);
            for (var i = 0; i < verdicts.Length; i++)
            {
                ref var verdict = ref verdicts[i];
                if (verdict is { Rank: 0, IsSoft: true } && (verdict.SoftReasons & ~reasons) == 0 && (verdict.SoftReasons & needed) == needed
                    && SoftOrder.Of(verdict, now) is var order && order < lowest)
                {
                    (best, lowest) = (i, order);
                }
            }

            if (best < 0)
            {
                return planned;
            }

            ref var next = ref verdicts[best];
            next.Rank = ++planned;
            next.Score = lowest;
            next.Unit = SoftOrder.UnitOf(next.Exclusion);
        }
    }

    private static void Score(ref Ballot ballot, IRoutingPolicy policy, int gravity, DateTimeOffset now)
    {
        if (SoftOrder.Applies(gravity))
        {
            SoftOrder.Score(ballot, now);
            return;
        }

        var unit = policy.UnitOf(ballot);
        for (var i = 0; i < ballot.Count; i++)
        {
            ballot[i].Unit = unit;
        }

        if (ballot.Route.Affinity is not Affinity.Prefix)
        {
            policy.Score(ref ballot);
            return;
        }

        AffinityBonus.Prepare(ballot);
        policy.Score(ref ballot);
        AffinityBonus.Apply(ballot, policy);
    }
}
