using LlmGateway.Configuration;
using LlmGateway.Gateway;

namespace LlmGateway.Limits;

/// <summary>What the ledger has of an account.</summary>
/// <param name="Period">Which period, for an account of a calendar.</param>
/// <param name="Total">Of that period.</param>
/// <param name="Taken">Of a window: how long ago, and how much.</param>
internal sealed record AccountPast(Period? Period, long Total, IReadOnlyList<(TimeSpan Age, long Amount)> Taken);

/// <summary>Counts from the ledger what an account has taken.</summary>
internal sealed class AccountHistory(ISpendHistory ledger, ISnapshotSource snapshots)
{
    public async ValueTask<AccountPast> ReadAsync(Account account, DateTimeOffset now, CancellationToken cancellation)
    {
        var period = account.Kind is AccountKind.Period ? account.Calendar!.At(now) : null;
        var from = period?.Start ?? now - account.Window;
        var to = period?.End ?? DateTimeOffset.MaxValue;

        // Hours are enough where an account counts whole ones.
        var query = new SpendQuery(account.Tenant, account.Project, account.KeyId, account.Route, account.Budget?.Tag, from, to, Fine: period is null && account.Bucket < TimeSpan.FromHours(1));
        var entries = await ledger.ReadAsync(query, cancellation);
        return period is not null
            ? new AccountPast(period, entries.Aggregate(0L, (sum, entry) => checked(sum + Amount(account, entry))), [])
            : new AccountPast(null, 0, [.. entries.Select(entry => (now - entry.Bucket, Amount(account, entry)))]);
    }

    /// <summary>What it took in a stretch of time.</summary>
    public async ValueTask<long> SumAsync(Account account, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var query = new SpendQuery(account.Tenant, account.Project, account.KeyId, account.Route, account.Budget?.Tag, from, to, Fine: false);
        return (await ledger.ReadAsync(query, cancellation)).Aggregate(0L, (sum, entry) => checked(sum + Amount(account, entry)));
    }

    /// <summary>What it took, by the start of the hour or of the ten minutes.</summary>
    public async ValueTask<IReadOnlyList<(DateTimeOffset Start, long Amount)>> SpentAsync(
        Account account, DateTimeOffset from, DateTimeOffset to, bool fine, CancellationToken cancellation)
    {
        var query = new SpendQuery(account.Tenant, account.Project, account.KeyId, account.Route, account.Budget?.Tag, from, to, fine);
        return [.. (await ledger.ReadAsync(query, cancellation)).Select(entry => (entry.Bucket, Amount(account, entry)))];
    }

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
