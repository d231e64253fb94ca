namespace LlmGateway.Limits.Alerts;

/// <summary>How budgets are watched and webhooks are told.</summary>
internal sealed class AlertOptions
{
    /// <summary>How often the figures of all budgets are read.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the last hour is held against those before: that asks the ledger.</summary>
    public TimeSpan AnomalyLook { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often the queue is looked at for what is due.</summary>
    public TimeSpan Send { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a receiver may take to answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The wait behind the first failure; each further one is twice as long.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait.</summary>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromHours(1);

    /// <summary>After that a delivery is given up.</summary>
    public TimeSpan GiveUp { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long other nodes leave a delivery to the one that has it, beyond its next attempt.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often a node asks what came of a delivery that another one has, and whether a webhook that it does not know is back.</summary>
    public TimeSpan AskAgain { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long what was told is remembered beyond the period that it was about.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How many deliveries to one webhook are taken up at a time.</summary>
    public int Batch { get; init; } = 20;
}
