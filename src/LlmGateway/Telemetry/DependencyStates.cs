namespace LlmGateway.Telemetry;

/// <summary>
/// What the gateway needs besides itself, and whether it answers: told by who uses it, read by <c>/readyz</c>, by the metric and by each answer.
/// A dependency that nobody has told of is not used.
/// </summary>
internal sealed class DependencyStates
{
    private readonly Lock _gate = new();
    private volatile DependencyState[] _all = [];
    private volatile string? _degraded;

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<DependencyState> All => _all;

    /// <summary>The names of those that are down, with commas between, as <c>x-gateway-degraded</c> says them; null while all are up.</summary>
    public string? Degraded => _degraded;

    /// <summary>Whether it is up; true for one that nobody has told of.</summary>
    public bool IsUp(string name)
    {
        foreach (var state in _all)
        {
            if (state.Name == name)
            {
                return state.Up;
            }
        }

        return true;
    }

    /// <summary>Tells of one. True when that changed whether it is up.</summary>
    /// <param name="why">What is wrong, for a person; no secret, and nothing of a request.</param>
    public bool Set(string name, bool up, string? why = null)
    {
        var state = new DependencyState(name, up, up ? null : why);
        lock (_gate)
        {
            var old = Array.Find(_all, other => other.Name == name);
            if (old == state)
            {
                return false;
            }

            _all = [.. _all.Where(other => other.Name != name).Append(state).OrderBy(static other => other.Name, StringComparer.Ordinal)];
            _degraded = string.Join(", ", _all.Where(static other => !other.Up).Select(static other => other.Name)) is { Length: > 0 } down ? down : null;
            return (old?.Up ?? true) != up;
        }
    }
}

/// <summary>How one of them is.</summary>
/// <param name="Name"><c>postgres</c>, <c>redis</c>.</param>
/// <param name="Why">What is wrong; null while it is up.</param>
internal sealed record DependencyState(string Name, bool Up, string? Why);
