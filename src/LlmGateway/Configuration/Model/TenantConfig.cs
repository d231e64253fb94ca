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
    [NotEnforced("spending is booked but not stopped; watch the usage report")]
    public IReadOnlyList<BudgetConfig> Budgets { get; init; } = [];

    [Setting("How much may be used in a time.")]
    [NotEnforced("requests are not held back; limit them in front of the gateway")]
    public LimitsConfig? Limits { get; init; }

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
    [NotEnforced("spending is booked but not stopped; watch the usage report")]
    public IReadOnlyList<BudgetConfig> Budgets { get; init; } = [];

    [Setting("How much may be used in a time.")]
    [NotEnforced("requests are not held back; limit them in front of the gateway")]
    public LimitsConfig? Limits { get; init; }

    [Setting("Virtual keys of the application. Keys made through the admin API are kept apart from these.")]
    public IReadOnlyList<KeyConfig> Keys { get; init; } = [];
}

/// <summary>An amount that may be spent in a time.</summary>
internal sealed record BudgetConfig
{
    [Setting("The amount, in the currency of the tenant or else the base currency.", Required = true, Min = "0")]
    public decimal Amount { get; init; }

    [Setting("The time after which it begins anew.", Required = true)]
    public BudgetPeriod Period { get; init; } = BudgetPeriod.Month;

    [Setting("Whose days and months.")]
    public TimeZoneInfo Timezone { get; init; } = TimeZoneInfo.Utc;

    [Setting("Share of the amount at which a warning is given.", Min = "0", Max = "1")]
    public double Warn { get; init; } = 0.8;
}

/// <summary>The time after which a budget begins anew.</summary>
internal enum BudgetPeriod
{
    Hour,
    Day,
    Week,
    Month,
    Year,
    Total,
}
