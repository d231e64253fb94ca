namespace LlmGateway.Ledger;

/// <summary>Bounds of the ledger's way to the disk.</summary>
internal sealed record LedgerOptions
{
    /// <summary>Attempts in one intent file; with a slot of 4 KB each, a file of 4 MB.</summary>
    public int SlotsPerSegment { get; init; } = 1024;

    /// <summary>Intent files at most. Together they bound attempts in flight and rows that wait: 65,536, or 256 MB of disk.</summary>
    public int MaxSegments { get; init; } = 64;

    /// <summary>How long the end of an answer waits for its row's commit; after that its settlement in the slot has to do.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long rows that nobody waits for may gather before they are committed together: the fewer commits, the cheaper is each of them.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>So many of them are committed at once.</summary>
    public int LingerRows { get; init; } = 512;

    /// <summary>Pause after a commit that failed; doubles up to <see cref="MaxRetryDelay"/>.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a stopping gateway tries to commit what is queued. What is left is in its slots for the next start.</summary>
    public TimeSpan StopWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Pages of 4 KB written to the write-ahead log between two checkpoints.</summary>
    public int CheckpointPages { get; init; } = 4096;

    /// <summary>Rows at most that go to PostgreSQL in one transaction.</summary>
    public int ShipRows { get; init; } = 5_000;

    /// <summary>Pause when all rows have gone to PostgreSQL.</summary>
    public TimeSpan ShipInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long one batch may take there.</summary>
    public TimeSpan ShipTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest pause between tries while PostgreSQL is away.</summary>
    public TimeSpan MaxShipDelay { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often the roll-ups follow the rows, in SQLite.</summary>
    public TimeSpan KeepInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often partitions are made ahead and old rows removed.</summary>
    public TimeSpan RetentionInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How often a node says in PostgreSQL since when rows of it are on their way there.</summary>
    public TimeSpan NoteInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the room for rows is looked at.</summary>
    public TimeSpan RoomInterval { get; init; } = TimeSpan.FromSeconds(1);
}
