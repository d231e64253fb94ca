using LlmGateway.Catalog;

namespace LlmGateway.Limits;

/// <summary>
/// One thing that is counted and may not exceed its limit: the requests of a key in any minute, the money of a tenant in a month. Accounts of
/// an older Snapshot with the same <see cref="Name"/> count the same.
/// </summary>
internal sealed class Account
{
    private const int MinuteBuckets = 120;
    private const int LongBuckets = 144;

    /// <summary>Whose; accounts of different tenants never meet in a reservation.</summary>
    public required string Tenant { get; init; }

    /// <summary>Unique in its tenant.</summary>
    public required string Name { get; init; }

    public required AccountLevel Level { get; init; }

    /// <summary>Null for an account of the tenant.</summary>
    public string? Project { get; init; }

    /// <summary>Null for an account of the tenant or a project.</summary>
    public string? KeyId { get; init; }

    /// <summary>The only route whose requests it counts; null for all.</summary>
    public string? Route { get; init; }

    public required AccountKind Kind { get; init; }

    public required Measure Measure { get; init; }

    /// <summary>The most that may be taken, in units of the measure.</summary>
    public required long Limit { get; init; }

    /// <summary>Beyond the limit is refused. False only counts.</summary>
    public bool Stops { get; init; } = true;

    /// <summary>Length of a window.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>Into how many parts a window is divided: what was taken counts for the window and at most one part more.</summary>
    public int Buckets => Window <= TimeSpan.FromMinutes(1) ? MinuteBuckets : LongBuckets;

    /// <summary>Length of a part.</summary>
    public TimeSpan Bucket => Window / Buckets;

    /// <summary>The calendar of a period.</summary>
    public PeriodCalendar? Calendar { get; init; }

    /// <summary>What it enforces, where that is a budget.</summary>
    public Budget? Budget { get; init; }

    /// <summary>A restart must not forget it: it is counted from the ledger once more.</summary>
    public bool IsKept => Kind is AccountKind.Period || (Kind is AccountKind.Window && Window > TimeSpan.FromMinutes(1));

    /// <summary>What the engine has found under the name, so that it looks there once.</summary>
    public object? Cell { get; set; }
}
