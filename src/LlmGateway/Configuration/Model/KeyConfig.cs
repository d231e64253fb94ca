using LlmGateway.Configuration.Settings;

namespace LlmGateway.Configuration.Model;

/// <summary>A virtual key that is written in the configuration.</summary>
internal sealed record KeyConfig
{
    [Setting("Its name, unique in the project.", Required = true)]
    public string Name { get; init; } = "";

    [Setting("The key as ${env:NAME} or ${file:path}. A variable that is not set leaves the key out. Only a demo key may stand here itself.", Required = true, Literal = true)]
    public SecretSetting? Key { get; init; }

    [Setting("Routes that it may use, names or globs such as gpt-*. When it is left out: every route.", NotEmpty = true)]
    public IReadOnlyList<string> Routes { get; init; } = [];

    [Setting("A key that everybody may know. The gateway then listens on loopback addresses only.")]
    public bool Demo { get; init; }

    [Setting("Marks that every ledger row of this key carries.")]
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    [Setting("The day or instant from which on it is refused; a day begins at midnight UTC.")]
    public DateTimeOffset? Expires { get; init; }

    [Setting("False refuses it without forgetting it.")]
    public bool Enabled { get; init; } = true;

    [Setting("How much may be spent.")]
    public IReadOnlyList<BudgetConfig> Budgets { get; init; } = [];

    [Setting("How much may be used in a time.")]
    public CallerLimitsConfig? Limits { get; init; }
}
