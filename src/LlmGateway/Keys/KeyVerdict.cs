namespace LlmGateway.Keys;

/// <summary>What came of looking at a caller's key; in lower case the label <c>result</c> of the metric.</summary>
internal enum KeyVerdict
{
    Valid,

    /// <summary>No key was sent.</summary>
    Missing,

    /// <summary>The headers hold no key that could be read, or several that differ.</summary>
    Malformed,

    Unknown,
    Revoked,

    /// <summary>An older secret of a key that was rotated, after the grace period.</summary>
    Rotated,

    Expired,
    Disabled,

    /// <summary>Its tenant or project is neither configured nor stored any more, so nobody would pay.</summary>
    Unassigned,

    /// <summary>It is not known, and the store that may know it does not answer.</summary>
    Undecided,
}

/// <param name="Key">The key; null when it is unknown.</param>
internal readonly record struct KeyCheck(KeyVerdict Verdict, VirtualKey? Key);
