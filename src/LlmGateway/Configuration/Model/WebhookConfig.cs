using LlmGateway.Configuration.Settings;

namespace LlmGateway.Configuration.Model;

/// <summary>Who is told of what happens to budgets, and to answers by meaning.</summary>
internal sealed record WebhookConfig
{
    [Setting("Where events are posted: an http or https address.", Required = true)]
    public string Url { get; init; } = "";

    [Setting("What deliveries are signed with, as ${env:NAME} or ${file:path}: whsec_ with base64 behind it, or any other text. At least 24 bytes. A variable that is not set leaves the webhook out.", Required = true)]
    public SecretSetting? Secret { get; init; }

    [Setting("What it is told of: budget.warning, budget.stop, spend.anomaly, semantic.off and reconcile.drift, or globs such as budget.*.", NotEmpty = true)]
    public IReadOnlyList<string> Events { get; init; } = ["*"];

    [Setting("Whose budgets, names of tenants or globs.", NotEmpty = true)]
    public IReadOnlyList<string> Tenants { get; init; } = ["*"];
}
