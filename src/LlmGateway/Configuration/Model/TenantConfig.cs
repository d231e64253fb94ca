using LlmGateway.Catalog;
using LlmGateway.Configuration.Settings;

namespace LlmGateway.Configuration.Model;

/// <summary>Who pays.</summary>
internal sealed record TenantConfig
{
    [Setting("The currency that the tenant thinks in.")]
    public Currency? Currency { get; init; }

    [Setting("What a deployment must fulfil.")]
    public RequireConfig? Require { get; init; }

    [Setting("How much may be spent.")]
    public IReadOnlyList<BudgetConfig> Budgets { get; init; } = [];

    [Setting("How much may be used in a time.")]
    public CallerLimitsConfig? Limits { get; init; }

    [Setting("What holds for it while the engine of limits and budgets cannot be reached.")]
    public DegradedRule Degraded { get; init; } = DegradedRule.Share;

    [Setting("Whether texts of its requests, and answers to them, may be sent to the embedder and the judge of a route that finds answers by meaning. They are asked besides those that answer, so consent is wanted even where the same provider answers. Without it such a route finds nothing by meaning for the tenant; the builtin embedder needs none.")]
    public bool SemanticConsent { get; init; }

    [Setting("Applications of the tenant.")]
    public IReadOnlyDictionary<string, ProjectConfig> Projects { get; init; } = new Dictionary<string, ProjectConfig>();
}

/// <summary>What a deployment must fulfil.</summary>
internal sealed record RequireConfig
{
    [Setting("Region of its provider.")]
    public string? Region { get; init; }

    [Setting("Tags of the deployment, each with the value that it must have.")]
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}

/// <summary>An application of a tenant.</summary>
internal sealed record ProjectConfig
{
    [Setting("How much may be spent.")]
    public IReadOnlyList<BudgetConfig> Budgets { get; init; } = [];

    [Setting("How much may be used in a time.")]
    public CallerLimitsConfig? Limits { get; init; }

    [Setting("Virtual keys of the application. Keys made through the admin API are kept apart from these.")]
    public IReadOnlyList<KeyConfig> Keys { get; init; } = [];
}
