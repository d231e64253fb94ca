using LlmGateway.Catalog;
using LlmGateway.Routing;
using LlmGateway.Upstream;

namespace LlmGateway.Gateway;

/// <summary>By what a slot is found.</summary>
internal enum TraceMatch
{
    None,
    Request,
    Operation,
}

/// <summary>
/// One place of <see cref="ExchangeTrace"/>. What it holds is copied in and copied out under a lock that nobody waits for, but for a
/// reader, or a writer that was overtaken by a whole round.
/// </summary>
internal sealed class TraceSlot
{
    /// <summary>
    /// Most verdicts, and most steps, of one exchange. Beyond it stays out who was not attempted, so that a strange configuration cannot make
    /// the ring large; attempts are as many as the configuration allows.
    /// </summary>
    public const int Most = 256;

    /// <summary>An array that had to grow beyond it is given back when its slot is used for a usual exchange.</summary>
    private const int Usual = 64;

    private readonly Lock _lock = new();
    private ExchangeFacts _facts;
    private DecisionHead[] _decisions = [];
    private Verdict[] _verdicts = [];
    private PlanStep[] _steps = [];
    private AttemptFacts[] _attempts = [];
    private int _decisionCount;
    private int _verdictCount;
    private int _stepCount;
    private int _attemptCount;
    private int _leftOut;

    public void Write(in ExchangeFacts facts, RoutePlan? plan, List<Attempt> attempts)
    {
        lock (_lock)
        {
            _facts = facts;
            WriteDecisions(plan?.Decisions ?? [], attempts);
            WriteSteps(plan?.Steps ?? [], attempts);
            Fit(ref _attempts, ref _attemptCount, attempts.Count);
            for (var i = 0; i < _attemptCount; i++)
            {
                _attempts[i] = AttemptFacts.Of(attempts[i]);
            }
        }
    }

    public TraceMatch Matches(string id, Guid? operation)
    {
        lock (_lock)
        {
            return operation is { } wanted && _facts.OperationId == wanted ? TraceMatch.Operation
                : string.Equals(_facts.RequestId, id, StringComparison.Ordinal) ? TraceMatch.Request
                : TraceMatch.None;
        }
    }

    /// <summary>A copy; null where the slot has been used for another exchange meanwhile.</summary>
    public ExchangeRecord? Read(string id, Guid? operation)
    {
        lock (_lock)
        {
            return Matches(id, operation) is TraceMatch.None ? null : Copy();
        }
    }

    /// <summary>A copy; null where it has not been used yet.</summary>
    public ExchangeRecord? Read()
    {
        lock (_lock)
        {
            return _facts.RequestId is null ? null : Copy();
        }
    }

    private ExchangeRecord Copy() => new(
        _facts,
        [.. _decisions.AsSpan(0, _decisionCount).ToArray().Select(Decision)],
        _steps[.._stepCount],
        _attempts[.._attemptCount],
        _leftOut);

    private RouteDecision Decision(DecisionHead head)
    {
        var route = new Route { Name = head.Route, Policy = head.Policy, Weights = head.Weights, Targets = [] };
        return new(route, head.Policy, head.At, head.InputTokens, head.OutputTokens, _verdicts[head.First..(head.First + head.Count)])
        {
            Needs = head.Needs,
            MaxOutput = head.MaxOutput,
            Require = head.Require,
            Ceiling = head.Ceiling,
            Currency = head.Currency,
            Standing = head.Standing,
        };
    }

    private void WriteDecisions(IReadOnlyList<RouteDecision> decisions, List<Attempt> attempts)
    {
        var all = 0;
        for (var i = 0; i < decisions.Count; i++)
        {
            all += decisions[i].Verdicts.Length;
        }

        // Who was attempted has a place; the others, in their order, what is left of it.
        var spare = Most;
        for (var i = 0; all > Most && i < decisions.Count; i++)
        {
            foreach (ref readonly var verdict in decisions[i].Verdicts.AsSpan())
            {
                spare -= IsAttempted(verdict.Candidate, attempts) ? 1 : 0;
            }
        }

        Fit(ref _decisions, ref _decisionCount, decisions.Count);
        Fit(ref _verdicts, ref _verdictCount, Math.Min(all, Most));
        _leftOut = all - _verdictCount;
        var used = 0;
        for (var i = 0; i < decisions.Count; i++)
        {
            var decision = decisions[i];
            var first = used;
            foreach (ref readonly var verdict in decision.Verdicts.AsSpan())
            {
                if (used < _verdictCount && (all <= Most || IsAttempted(verdict.Candidate, attempts) || spare-- > 0))
                {
                    _verdicts[used++] = verdict;
                }
            }

            _decisions[i] = new DecisionHead(
                decision.Route.Name, decision.Route.Weights, decision.Policy, decision.At, decision.InputTokens, decision.OutputTokens, decision.Needs, decision.MaxOutput,
                decision.Require, decision.Ceiling, decision.Currency, decision.Standing, first, used - first);
        }
    }

    private void WriteSteps(IReadOnlyList<PlanStep> steps, List<Attempt> attempts)
    {
        var spare = Most;
        for (var i = 0; steps.Count > Most && i < steps.Count; i++)
        {
            spare -= IsAttempted(steps[i].Candidate, attempts) ? 1 : 0;
        }

        Fit(ref _steps, ref _stepCount, Math.Min(steps.Count, Most));
        var used = 0;
        for (var i = 0; i < steps.Count && used < _stepCount; i++)
        {
            if (steps.Count <= Most || IsAttempted(steps[i].Candidate, attempts) || spare-- > 0)
            {
                _steps[used++] = steps[i];
            }
        }
    }

    private static bool IsAttempted(Candidate candidate, List<Attempt> attempts)
    {
        foreach (var attempt in attempts)
        {
            if (attempt.Deployment.Name == candidate.Deployment.Name)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Makes room, and forgets what the exchange before had beyond it: it may be the last that is left of a replaced configuration.</summary>
    private static void Fit<T>(ref T[] array, ref int count, int wanted)
    {
        if (array.Length < wanted || (array.Length > Usual && wanted <= Usual))
        {
            array = new T[wanted];
        }
        else if (wanted < count)
        {
            Array.Clear(array, wanted, count - wanted);
        }

        count = wanted;
    }

    /// <summary>
    /// A decision whose verdicts stand among those of the slot. Of its route the name and the weights: whoever holds a route holds its whole Snapshot, since
    /// what was worked out for the route lives as long as it does.
    /// </summary>
    private readonly record struct DecisionHead(
        string Route, BalanceWeights Weights, string Policy, DateTimeOffset At, long InputTokens, long OutputTokens, Capabilities Needs, long? MaxOutput,
        Requirements Require, double Ceiling, Currency Currency, int Standing, int First, int Count);
}
