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
    private int _stepCount;
    private int _attemptCount;

    public void Write(in ExchangeFacts facts, RoutePlan? plan, List<Attempt> attempts)
    {
        lock (_lock)
        {
            _facts = facts;
            WriteDecisions(plan?.Decisions ?? []);
            WriteSteps(plan?.Steps ?? []);
            _attemptCount = Math.Min(attempts.Count, MostAttempts);
            Grow(ref _attempts, _attemptCount);
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

    private RouteDecision Decision(DecisionHead head) =>
        new(head.Route, head.Policy, head.At, head.InputTokens, head.OutputTokens, _verdicts[head.First..(head.First + head.Count)])
        {
            Needs = head.Needs,
            MaxOutput = head.MaxOutput,
            Require = head.Require,
            Ceiling = head.Ceiling,
            Currency = head.Currency,
            Standing = head.Standing,
        };

    private void WriteDecisions(IReadOnlyList<RouteDecision> decisions)
    {
        _decisionCount = Math.Min(decisions.Count, MostDecisions);
        Grow(ref _decisions, _decisionCount);
        var used = 0;
        for (var i = 0; i < _decisionCount; i++)
        {
            var decision = decisions[i];
            var count = Math.Min(decision.Verdicts.Length, MostVerdicts);
            Grow(ref _verdicts, used + count);
            decision.Verdicts.AsSpan(0, count).CopyTo(_verdicts.AsSpan(used));
            _decisions[i] = new DecisionHead(
                decision.Route, decision.Policy, decision.At, decision.InputTokens, decision.OutputTokens, decision.Needs, decision.MaxOutput,
                decision.Require, decision.Ceiling, decision.Currency, decision.Standing, used, count);
            used += count;
        }
    }

    private void WriteSteps(IReadOnlyList<PlanStep> steps)
    {
        _stepCount = Math.Min(steps.Count, MostDecisions * MostVerdicts);
        Grow(ref _steps, _stepCount);
        for (var i = 0; i < _stepCount; i++)
        {
            _steps[i] = steps[i];
        }
    }

    private static void Grow<T>(ref T[] array, int count)
    {
        if (array.Length < count)
        {
            Array.Resize(ref array, count);
        }
    }

    /// <summary>A decision whose verdicts stand among those of the slot.</summary>
    private readonly record struct DecisionHead(
        Route Route, string Policy, DateTimeOffset At, long InputTokens, long OutputTokens, Capabilities Needs, long? MaxOutput,
        Requirements Require, double Ceiling, Currency Currency, int Standing, int First, int Count);
}
