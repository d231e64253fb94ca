namespace LlmGateway.Simulator.Faults;

/// <summary>The fault rules of a running simulator. Safe from any thread.</summary>
public sealed class FaultControl
{
    private readonly Lock _lock = new();
    private readonly List<Active> _rules = [];
    private readonly Random _chance;
    private volatile bool _any;

    internal FaultControl(int seed) => _chance = new Random(seed);

    /// <summary>Adds a rule behind those that stand.</summary>
    /// <exception cref="FormatException">The fault cannot be read, or count or probability are out of range.</exception>
    public void Add(FaultRule rule)
    {
        if (!FaultGrammar.IsValid(rule.Fault, out string? error))
        {
            throw new FormatException(error);
        }

        if (rule.Count is < 1 || rule.Probability is not (>= 0 and <= 1))
        {
            throw new FormatException("count must be at least 1, probability 0 to 1");
        }

        lock (_lock)
        {
            _rules.Add(new Active(rule, rule.Count));
            _any = true;
        }
    }

    /// <summary>Adds a fault for every request, or the next <paramref name="count"/>.</summary>
    /// <exception cref="FormatException">The fault cannot be read.</exception>
    public void Add(string fault, int? count = null) => Add(new FaultRule(fault) { Count = count });

    /// <summary>Removes every rule.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _rules.Clear();
            _any = false;
        }
    }

    /// <summary>The rules that can still strike, with what is left of their count.</summary>
    public IReadOnlyList<FaultRule> Snapshot()
    {
        lock (_lock)
        {
            return _rules.ConvertAll(static active => active.Rule with { Count = active.Left });
        }
    }

    /// <summary>The fault for this request, or null. Costs one read where there are no rules.</summary>
    internal string? Take(string path, string? model)
    {
        if (!_any)
        {
            return null;
        }

        lock (_lock)
        {
            for (int i = 0; i < _rules.Count; i++)
            {
                Active active = _rules[i];
                if (!active.Rule.Matches(path, model) || (active.Rule.Probability < 1 && _chance.NextDouble() >= active.Rule.Probability))
                {
                    continue;
                }

                if (active.Left is 1)
                {
                    _rules.RemoveAt(i);
                    _any = _rules.Count > 0;
                }
                else if (active.Left is { } left)
                {
                    _rules[i] = active with { Left = left - 1 };
                }

                return active.Rule.Fault;
            }
        }

        return null;
    }

    private readonly record struct Active(FaultRule Rule, int? Left);
}
