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
    /// <summary>What is beyond these bounds is left out, so that a strange configuration cannot make the ring large.</summary>
    public const int MostDecisions = 4;
    public const int MostVerdicts = 16;
    public const int MostAttempts = 20;

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

    public void Write(in ExchangeFacts facts, RoutePlan? plan, List<Attempt> attempts)
    {
        lock (_lock)
        {
            _facts = facts;
            WriteDecisions(plan?.Decisions ?? []);
            WriteSteps(plan?.Steps ?? []);
            Fit(ref _attempts, ref _attemptCount, Math.Min(attempts.Count, MostAttempts));
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
            return Matches(id, operation) is TraceMatch.None ? null : new ExchangeRecord(
                _facts,
                [.. _decisions.AsSpan(0, _decisionCount).ToArray().Select(Decision)],
                _steps[.._stepCount],
                _attempts[.._attemptCount]);
        }
    }

    private RouteDecision Decision(DecisionHead head)
    {
        var route = new Route { Name = head.Route, Policy = head.Policy, Targets = [] };
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

    private void WriteDecisions(IReadOnlyList<RouteDecision> decisions)
    {
        Fit(ref _decisions, ref _decisionCount, Math.Min(decisions.Count, MostDecisions));
        var all = 0;
        for (var i = 0; i < _decisionCount; i++)
        {
            all += Math.Min(decisions[i].Verdicts.Length, MostVerdicts);
        }

        Fit(ref _verdicts, ref _verdictCount, all);
        var used = 0;
        for (var i = 0; i < _decisionCount; i++)
        {
            var decision = decisions[i];
            var count = Math.Min(decision.Verdicts.Length, MostVerdicts);
            decision.Verdicts.AsSpan(0, count).CopyTo(_verdicts.AsSpan(used));
            _decisions[i] = new DecisionHead(
                decision.Route.Name, decision.Policy, decision.At, decision.InputTokens, decision.OutputTokens, decision.Needs, decision.MaxOutput,
                decision.Require, decision.Ceiling, decision.Currency, decision.Standing, used, count);
            used += count;
        }
    }

    private void WriteSteps(IReadOnlyList<PlanStep> steps)
    {
        Fit(ref _steps, ref _stepCount, Math.Min(steps.Count, MostDecisions * MostVerdicts));
        for (var i = 0; i < _stepCount; i++)
        {
            _steps[i] = steps[i];
        }
    }

    /// <summary>Makes room, and forgets what the exchange before had beyond it: it may be the last that is left of a replaced configuration.</summary>
    private static void Fit<T>(ref T[] array, ref int count, int wanted)
    {
        if (array.Length < wanted)
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
    /// A decision whose verdicts stand among those of the slot. Of its route the name: whoever holds a route holds its whole Snapshot, since
    /// what was worked out for the route lives as long as it does.
    /// </summary>
    private readonly record struct DecisionHead(
        string Route, string Policy, DateTimeOffset At, long InputTokens, long OutputTokens, Capabilities Needs, long? MaxOutput,
        Requirements Require, double Ceiling, Currency Currency, int Standing, int First, int Count);
}
