using LlmGateway.Catalog;
using LlmGateway.Configuration.Settings;

namespace LlmGateway.Configuration.Model;

/// <summary>One model at one provider.</summary>
internal sealed record DeploymentConfig
{
    [Setting("The name that the provider knows.", Required = true)]
    public string Model { get; init; } = "";

    [Setting("Where it is in its life; candidate and retired take no traffic.")]
    public Stage Stage { get; init; } = Stage.Production;

    [Setting("Context window, in tokens.", Min = "1", Max = "100000000")]
    public int? Context { get; init; }

    [Setting("Largest output, in tokens.", Min = "1", Max = "100000000")]
    public int? MaxOutput { get; init; }

    [Setting("What it can do beyond chat and streaming. When it is left out nobody has said, and it is asked where no deployment of the route is known to be able.")]
    public IReadOnlyList<Capabilities>? Capabilities { get; init; }

    [Setting("Your judgement of its answers, for the policy balanced.", Min = "0", Max = "1")]
    public double? Quality { get; init; }

    [Setting("Free marks.")]
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    [Setting("What the vendor grants.")]
    public LimitsConfig? Quota { get; init; }

    [Setting("Limits on the phases of one attempt, in place of the provider's.")]
    public TimeoutsConfig Timeouts { get; init; } = new();

    [Setting("The name in prices. When it is left out: provider/model.")]
    public string? Price { get; init; }
}

/// <summary>How much may be used in a time. Left out is unlimited.</summary>
internal sealed record LimitsConfig
{
    [Setting("Requests a minute.", Min = "1")]
    public long? RequestsPerMinute { get; init; }

    [Setting("Tokens a minute, input and output.", Min = "1")]
    public long? TokensPerMinute { get; init; }

    [Setting("Requests in flight.", Min = "1")]
    public int? Concurrent { get; init; }

    [Setting("Requests a day.", Min = "1")]
    public long? RequestsPerDay { get; init; }

    [Setting("Tokens a day, input and output.", Min = "1")]
    public long? TokensPerDay { get; init; }
}
