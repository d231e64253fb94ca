using LlmGateway.Configuration;
using LlmGateway.Gateway;

namespace LlmGateway.Limits;

/// <summary>What the ledger has of an account.</summary>
/// <param name="Period">Which period, for an account of a calendar.</param>
/// <param name="Total">Of that period.</param>
/// <param name="Taken">Of a window: how long ago, and how much.</param>
/// <param name="Nodes">Of the period: which node, and how much; one without a name where the ledger does not tell them apart.</param>
internal sealed record AccountPast(
    Period? Period, long Total, IReadOnlyList<(TimeSpan Age, long Amount)> Taken, IReadOnlyList<(string Node, long Amount)> Nodes);

/// <summary>Counts from the ledger what an account has taken.</summary>
internal sealed class AccountHistory(ISpendHistory ledger, ISnapshotSource snapshots)
{
    /// <summary>What the ledger calls this node's rows; empty where it does not tell nodes apart.</summary>
    public string Node => ledger.Node ?? "";

    public async ValueTask<AccountPast> ReadAsync(Account account, DateTimeOffset now, CancellationToken cancellation)
    {
        var period = account.Kind is AccountKind.Period ? account.Calendar!.At(now) : null;
        var from = period?.Start ?? now - account.Window;
        var to = period?.End ?? DateTimeOffset.MaxValue;

        // Hours are enough where an account counts whole ones.
        var query = new SpendQuery(account.Tenant, account.Project, account.KeyId, account.Route, account.Budget?.Tag, from, to, Fine: period is null && account.Bucket < TimeSpan.FromHours(1),
            ByNode: period is not null && ledger.Node is not null);
        var entries = await ledger.ReadAsync(query, cancellation);
        return period is not null
            ? new AccountPast(period, Sum(account, entries), [], [.. entries.GroupBy(static entry => entry.Node ?? "").Select(node => (node.Key, Sum(account, node)))])
            : new AccountPast(null, 0, [.. entries.Select(entry => (now - entry.Bucket, Amount(account, entry)))], []);
    }

    /// <summary>What it took in a stretch of time.</summary>
    public async ValueTask<long> SumAsync(Account account, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var query = new SpendQuery(account.Tenant, account.Project, account.KeyId, account.Route, account.Budget?.Tag, from, to, Fine: false);
        return Sum(account, await ledger.ReadAsync(query, cancellation));
    }

    /// <summary>What it took, by the start of the hour or of the ten minutes.</summary>
    public async ValueTask<IReadOnlyList<(DateTimeOffset Start, long Amount)>> SpentAsync(
        Account account, DateTimeOffset from, DateTimeOffset to, bool fine, CancellationToken cancellation)
    {
        var query = new SpendQuery(account.Tenant, account.Project, account.KeyId, account.Route, account.Budget?.Tag, from, to, fine);
        return [.. (await ledger.ReadAsync(query, cancellation)).Select(entry => (entry.Bucket, Amount(account, entry)))];
    }

    private long Sum(Account account, IEnumerable<SpendEntry> entries) => entries.Aggregate(0L, (sum, entry) => checked(sum + Amount(account, entry)));

    private long Amount(Account account, SpendEntry entry) => account.Measure switch
    {
        Measure.Requests => entry.Requests,
        Measure.InputTokens => entry.InputTokens,
        Measure.OutputTokens => entry.OutputTokens,
        Measure.Tokens => entry.InputTokens + entry.OutputTokens,
        Measure.Money when entry.Currency is { } currency =>
            Nanos.Convert(entry.Nanos, currency, account.Budget!.Amount.Currency, snapshots.Current.Rates, entry.Bucket) ?? 0,
        _ => 0,
    };
}
