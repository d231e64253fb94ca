namespace LlmGateway.Limits;

/// <summary>
/// Keeps accounts. Whatever nodes and threads do at once: the stopping accounts of a reservation are charged all or none, none ever holds more
/// than its limit through a reservation, and none refuses what would have fitted.
/// </summary>
internal interface IReservationEngine
{
    /// <summary>Holds <see cref="ReservationLine.Held"/> in every account, or nothing. Writes back what the accounts hold then.</summary>
    /// <returns>Null when it is held.</returns>
    ValueTask<ReservationRefusal?> ReserveAsync(Reservation reservation);

    /// <summary>Holds <see cref="ReservationLine.More"/> in addition, in every account or in none.</summary>
    ValueTask<ReservationRefusal?> ExtendAsync(Reservation reservation);

    /// <summary>
    /// Ends the hold: <see cref="ReservationLine.Actual"/> stays taken, where and when it was held. Once; never waits, and never fails for the
    /// caller. Actual figures beyond the hold are taken too: they are the truth.
    /// </summary>
    void Settle(Reservation reservation);

    /// <summary>
    /// An exchange of a process that died, as the next start found it: what it came to (<see cref="ReservationLine.Actual"/>) is taken where it
    /// began, and what it held is given back, unless it was settled before.
    /// </summary>
    void Recover(Reservation reservation, DateTimeOffset startedAt);

    /// <summary>
    /// Why a reservation would be refused by this account now, as far as that is known without asking anybody: for turning away what is hopeless
    /// before its body is read. Null when it has room, or when that is not known.
    /// </summary>
    ReservationRefusal? KnownFull(Account account, long amount);

    /// <summary>What is in the accounts, all of one tenant.</summary>
    ValueTask<AccountFigures[]> ReadAsync(IReadOnlyList<Account> accounts, CancellationToken cancellation);
}
