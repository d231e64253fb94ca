namespace LlmGateway.Caching.Semantic.Proof;

/// <summary>A hit that was chosen to be compared with the real answer.</summary>
internal sealed class PendingLabel(string partition, DateTimeOffset chosenAt)
{
    public string Partition { get; } = partition;

    public DateTimeOffset ChosenAt { get; } = chosenAt;

    /// <summary>Whether the comparison has come to an end.</summary>
    public bool Done { get; private set; }

    /// <summary>What it came to; null when it could not be made.</summary>
    public bool? Wrong { get; private set; }

    /// <summary>It is as if it had not been chosen: why there is no comparison has nothing to do with how it would have come out.</summary>
    public bool Withdrawn { get; private set; }

    public void Withdraw()
    {
        if (!Done)
        {
            (Done, Withdrawn) = (true, true);
        }
    }

    public void End(bool? wrong)
    {
        // The first word counts: one that was given up as too late is not labelled after all.
        if (!Done)
        {
            (Done, Wrong) = (true, wrong);
        }
    }
}
