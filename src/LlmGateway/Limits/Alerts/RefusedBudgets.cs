using System.Collections.Concurrent;

namespace LlmGateway.Limits.Alerts;

/// <summary>Which budgets have refused a request that they could have let through earlier in their period.</summary>
internal sealed class RefusedBudgets
{
    private readonly ConcurrentDictionary<(string Tenant, string Account), byte> _refused = new();

    public void Note(in ReservationLine line, ReservationRefusal refusal)
    {
        // What is larger than the whole budget says nothing of how much of it is left.
        if (line.Account is { Budget: not null } account && line.Held <= account.Limit && !refusal.Unavailable)
        {
            _refused.TryAdd((account.Tenant, account.Name), 0);
        }
    }

    /// <summary>Whether it has since this was asked last.</summary>
    public bool Take(Account account) => !_refused.IsEmpty && _refused.TryRemove((account.Tenant, account.Name), out _);
}
