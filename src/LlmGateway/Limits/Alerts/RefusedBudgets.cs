using System.Collections.Concurrent;

namespace LlmGateway.Limits.Alerts;

/// <summary>Which budgets have refused a request that they could have let through earlier in their period.</summary>
internal sealed class RefusedBudgets(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Tenant, string Account), DateTimeOffset> _refused = new();

    public void Note(in ReservationLine line, ReservationRefusal refusal)
    {
        // What is larger than the whole budget says nothing of how much of it is left.
        if (line.Account is { Budget: not null } account && line.Held <= account.Limit && !refusal.Unavailable)
        {
            _refused[(account.Tenant, account.Name)] = time.GetUtcNow();
        }
    }

    /// <summary>When it did last; null where it has not since this was asked.</summary>
    public DateTimeOffset? Take(Account account) => !_refused.IsEmpty && _refused.TryRemove((account.Tenant, account.Name), out var at) ? at : null;
}
