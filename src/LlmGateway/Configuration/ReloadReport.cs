namespace LlmGateway.Configuration;

/// <summary>What became of a reading of the configuration; the label <c>result</c> of the metrics.</summary>
internal enum ReloadResult
{
    /// <summary>It is in force.</summary>
    Applied,

    /// <summary>It has errors: the one before stays in force.</summary>
    Rejected,

    /// <summary>No file differs from what is in force.</summary>
    Unchanged,
}

/// <summary>The last reading of the configuration.</summary>
/// <param name="Version">Of the Snapshot in force after it.</param>
internal sealed record ReloadReport(ReloadResult Result, DateTimeOffset At, long Version, IReadOnlyList<ConfigProblem> Problems);

/// <summary>The configuration in force with the last reading, changed as one, so that a reader never sees parts of two.</summary>
/// <param name="InForce">What is written; has a Snapshot.</param>
/// <param name="Last">The start included.</param>
/// <param name="Snapshot">Of what is written and what was made at run time.</param>
internal sealed record ConfigState(ConfigResult InForce, ReloadReport Last, Snapshot Snapshot);
