namespace LlmGateway.Limits;

/// <summary>What one account holds for an exchange.</summary>
internal struct ReservationLine
{
    public required Account Account { get; init; }

    /// <summary>Held now. Before <see cref="IReservationEngine.ReserveAsync"/>: to be held.</summary>
    public long Held { get; set; }

    /// <summary>What <see cref="IReservationEngine.ExtendAsync"/> is to add.</summary>
    public long More { get; set; }

    /// <summary>What it came to; to be set before <see cref="IReservationEngine.Settle"/>.</summary>
    public long Actual { get; set; }

    /// <summary>Where the engine keeps it: number of the bucket of a window, start of a period in milliseconds of the Unix clock.</summary>
    public long Place { get; set; }

    /// <summary>Taken and held in the account, this one included, when the engine looked last.</summary>
    public long Used { get; set; }

    /// <summary>When the account will have room again for what is in it now; for a window, the time until it is empty.</summary>
    public TimeSpan Reset { get; set; }
}

/// <summary>Tokens and money held for an exchange at every level, all or nothing.</summary>
internal sealed class Reservation(Guid id, string tenant, ReservationLine[] lines)
{
    /// <summary>That of the exchange: a reservation that is made again, since nobody heard the answer, is the same.</summary>
    public Guid Id { get; } = id;

    public string Tenant { get; } = tenant;

    /// <summary>One an account.</summary>
    public ReservationLine[] Lines { get; } = lines;

    /// <summary>The engine holds it.</summary>
    public bool IsHeld { get; set; }

    /// <summary>It was made by this node alone, since the engine could not be reached.</summary>
    public bool IsDegraded { get; set; }

    /// <summary>Whose it was, as the ledger calls it, where that is a process that died; null for this one.</summary>
    public string? Node { get; init; }

    /// <summary>What an engine keeps with it.</summary>
    public object? Tag { get; set; }
}

/// <summary>Why a reservation was refused.</summary>
/// <param name="Line">Which account had no room, of several the one that takes longest.</param>
/// <param name="RetryAfter">When there will be room, if nobody else takes it; null where that cannot be told.</param>
/// <param name="Never">It is larger than the account's limit.</param>
internal sealed record ReservationRefusal(int Line, TimeSpan? RetryAfter, bool Never)
{
    /// <summary>Limits and budgets cannot be looked up, and the tenant wants nothing let through then.</summary>
    public bool Unavailable { get; init; }

    /// <summary>There was no room in this node's share, since the engine could not be reached; in the whole there may be.</summary>
    public bool IsDegraded { get; init; }
}

/// <summary>What is in an account.</summary>
/// <param name="Spent">Taken for good.</param>
/// <param name="Held">Taken by exchanges under way.</param>
/// <param name="IsDegraded">As this node knows it, since the engine cannot be reached.</param>
internal readonly record struct AccountFigures(long Spent, long Held, bool IsDegraded)
{
    public long Left(long limit) => Math.Max(0, limit - Spent - Held);
}
