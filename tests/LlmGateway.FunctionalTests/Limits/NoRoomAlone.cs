using LlmGateway.Limits;

namespace LlmGateway.FunctionalTests.Limits;

/// <summary>Redis is there and does not answer for a request, which this node's share has no room for.</summary>
internal sealed class NoRoomAlone : IReservationEngine
{
    private static readonly ReservationRefusal Refusal = new(0, null, Never: false) { IsDegraded = true };

    public ValueTask<ReservationRefusal?> ReserveAsync(Reservation reservation) => new(Refusal);

    public ValueTask<ReservationRefusal?> ExtendAsync(Reservation reservation) => new(Refusal);

    public void Settle(Reservation reservation)
    {
    }

    public void Recover(Reservation reservation, DateTimeOffset startedAt)
    {
    }

    public ReservationRefusal? KnownFull(Account account, long amount) => null;

    public ValueTask<AccountFigures[]> ReadAsync(IReadOnlyList<Account> accounts, CancellationToken cancellation) =>
        new([.. accounts.Select(static _ => new AccountFigures(0, 0, IsDegraded: true))]);
}
