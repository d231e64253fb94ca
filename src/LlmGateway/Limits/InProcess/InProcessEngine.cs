using System.Collections.Concurrent;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;

namespace LlmGateway.Limits.InProcess;

/// <summary>
/// The accounts of one node, in memory. What a restart must not forget is counted from the ledger when an account is first used: the ledger has
/// every row before its client sees the end, so nothing is forgotten, and nothing is kept twice.
/// </summary>
internal sealed class InProcessEngine(AccountHistory history, ISnapshotSource snapshots, TimeProvider time, ILogger<InProcessEngine> logger) : IReservationEngine
{
    /// <summary>How long nobody waits for a ledger again that has not answered.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, TenantAccounts> _tenants = new(StringComparer.Ordinal);
    private readonly long _start = time.GetTimestamp();
    private long _unreadableUntil = long.MinValue;

    public ValueTask<ReservationRefusal?> ReserveAsync(Reservation reservation)
    {
        var tenant = Of(reservation.Tenant);
        return tenant.IsReady(reservation.Lines, Now())
            ? ValueTask.FromResult(Reserve(tenant, reservation))
            : LoadAndReserveAsync(tenant, reservation);
    }

    public ValueTask<ReservationRefusal?> ExtendAsync(Reservation reservation) =>
        ValueTask.FromResult(Of(reservation.Tenant).Extend(reservation, Now()));

    public void Settle(Reservation reservation)
    {
        if (reservation.IsHeld)
        {
            reservation.IsHeld = false;
            Of(reservation.Tenant).Settle(reservation, Now());
        }
    }

    /// <summary>Nothing: what it held died with the process, and what it came to is in the ledger, from which the accounts are counted.</summary>
    public void Recover(Reservation reservation, DateTimeOffset startedAt)
    {
    }

    public ReservationRefusal? KnownFull(Account account, long amount) => Of(account.Tenant).KnownFull(account, amount, Now());

    public async ValueTask<AccountFigures[]> ReadAsync(IReadOnlyList<Account> accounts, CancellationToken cancellation)
    {
        var figures = new AccountFigures[accounts.Count];
        for (var i = 0; i < figures.Length; i++)
        {
            var tenant = Of(accounts[i].Tenant);
            var known = await TryLoadAsync(tenant, accounts[i], cancellation);
            figures[i] = tenant.Read(accounts[i], Now()) with { IsDegraded = !known };
        }

        return figures;
    }

    private static ReservationRefusal? Held(Reservation reservation, ReservationRefusal? refusal)
    {
        reservation.IsHeld = refusal is null;
        return refusal;
    }

    private ReservationRefusal? Reserve(TenantAccounts tenant, Reservation reservation) => Held(reservation, tenant.Reserve(reservation, Now()));

    private async ValueTask<ReservationRefusal?> LoadAndReserveAsync(TenantAccounts tenant, Reservation reservation)
    {
        foreach (var line in reservation.Lines)
        {
            if (!await TryLoadAsync(tenant, line.Account, CancellationToken.None) && line.Account.Stops
                && snapshots.Current.Tenants.TryGetValue(reservation.Tenant, out var rules) && rules.Degraded is DegradedRule.Refuse)
            {
                return new ReservationRefusal(0, null, Never: false) { Unavailable = true };
            }
        }

        return Reserve(tenant, reservation);
    }

    /// <summary>False while the ledger cannot be read: then only what this process has seen counts.</summary>
    private async ValueTask<bool> TryLoadAsync(TenantAccounts tenant, Account account, CancellationToken cancellation)
    {
        if (Volatile.Read(ref _unreadableUntil) > time.GetTimestamp())
        {
            return !account.IsKept || !tenant.ToLoad(account, Now());
        }

        try
        {
            await LoadAsync(tenant, account, cancellation);
            return true;
        }
        catch (SpendHistoryException problem)
        {
            Volatile.Write(ref _unreadableUntil, time.GetTimestamp() + (long)(Pause.TotalSeconds * time.TimestampFrequency));
            logger.HistoryUnreadable(problem, account.Tenant);
            return false;
        }
    }

    private async ValueTask LoadAsync(TenantAccounts tenant, Account account, CancellationToken cancellation)
    {
        if (account.IsKept && tenant.ToLoad(account, Now()))
        {
            // Two that do this at once read the same, and the second is not taken.
            var now = time.GetUtcNow();
            tenant.Load(account, await history.ReadAsync(account, now, cancellation), Now());
        }
    }

    private TenantAccounts Of(string tenant) => _tenants.TryGetValue(tenant, out var found)
        ? found
        : _tenants.GetOrAdd(tenant, static _ => new TenantAccounts());

    private Moment Now() => new(time.GetUtcNow(), time.GetElapsedTime(_start));
}
