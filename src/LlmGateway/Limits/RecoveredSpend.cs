using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Keys;

namespace LlmGateway.Limits;

/// <summary>Takes from limits and budgets what the attempts of a process came to that died: the ledger has them, and budgets must not say less.</summary>
internal sealed class RecoveredSpend(AccountDirectory accounts, IReservationEngine engine, ISnapshotSource snapshots) : IRecoveredSpend
{
    public void Recovered(IReadOnlyList<RecoveredAttempt> attempts)
    {
        foreach (var operation in attempts.GroupBy(attempt => attempt.OperationId))
        {
            var first = operation.First();
            var key = new VirtualKey { Id = first.KeyId, Name = "", Tenant = first.Tenant, Project = first.Project };
            var lines = accounts.Of(snapshots.Current, key, first.Route).Of(first.Tags.Span)
                .Select(account => new ReservationLine { Account = account, Actual = operation.Sum(attempt => Amount(account, attempt)) })
                .ToArray();
            if (lines.Length > 0)
            {
                engine.Recover(new Reservation(first.OperationId, first.Tenant, lines) { Node = first.Node }, first.StartedAt);
            }
        }
    }

    private long Amount(Account account, RecoveredAttempt attempt) => account.Measure switch
    {
        // Counted once, whatever it came to: at its first attempt, which others follow.
        Measure.Requests => 0,
        Measure.Money => attempt.Cost is { } cost
            ? Nanos.Convert(Nanos.Of(cost.Amount), cost.Currency, account.Budget!.Amount.Currency, snapshots.Current.Rates, attempt.StartedAt) ?? 0
            : 0,
        var measure => new Demand(attempt.InputTokens, attempt.OutputTokens).Of(measure),
    };
}
