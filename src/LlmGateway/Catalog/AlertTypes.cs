namespace LlmGateway.Catalog;

/// <summary>What webhooks are told of, by the names that they are told.</summary>
internal static class AlertTypes
{
    /// <summary>The share of a budget is spent at which a warning is wanted.</summary>
    public const string Warning = "budget.warning";

    /// <summary>A budget has no room any more.</summary>
    public const string Stop = "budget.stop";

    /// <summary>The last hour cost far more than such hours do.</summary>
    public const string Anomaly = "spend.anomaly";

    /// <summary>A route, or a part of it, has ended answering by meaning.</summary>
    public const string SemanticOff = "semantic.off";

    /// <summary>A provider's export differs from the ledger by more than is tolerated.</summary>
    public const string Drift = "reconcile.drift";

    /// <summary>Somebody tries a webhook out. Sent whatever it wants.</summary>
    public const string Test = "webhook.test";

    /// <summary>What a webhook can choose from.</summary>
    public static readonly string[] Wanted = [Warning, Stop, Anomaly, SemanticOff, Drift];
}
