using LlmGateway.Configuration.Settings;

namespace LlmGateway.Configuration.Model;

/// <summary>A vendor account behind one base URL.</summary>
internal sealed record ProviderConfig
{
    [Setting("The wire format that it speaks. This version forwards openai only.", OneOf = "openai anthropic gemini")]
    public string Dialect { get; init; } = "openai";

    [Setting("Whose habits apply, such as deepseek or azure.")]
    public string? Profile { get; init; }

    [Setting("Where requests go: the address that /chat/completions is put behind, or builtin for the simulator in process.", Required = true)]
    public BaseUrl? BaseUrl { get; init; }

    [Setting("Where it computes, as you name regions.")]
    public string? Region { get; init; }

    [Setting("The keys of the account, or none where it asks for none. Needed unless base_url is builtin.")]
    [OrWord("none")]
    public IReadOnlyList<CredentialConfig>? Credentials { get; init; }

    [Setting("Limits on the phases of one attempt.")]
    public TimeoutsConfig Timeouts { get; init; } = new();
}

/// <summary>One key of a vendor account.</summary>
internal sealed record CredentialConfig
{
    [Setting("The key as ${env:NAME} or ${file:path}. A variable that is not set leaves this credential out.", Required = true)]
    public SecretSetting? Key { get; init; }

    [Setting("Its share of the requests among the account's keys.", Min = "1", Max = "1000")]
    public int Weight { get; init; } = 1;
}

/// <summary>Limits on the phases of one attempt. What a deployment leaves out is its provider's; what a provider leaves out is 5s, 60s, 30s and 10m.</summary>
internal sealed record TimeoutsConfig
{
    [Setting("Setting up TCP and TLS. Of a provider: 5s.", Min = "1ms", Max = "5m")]
    public TimeSpan? Connect { get; init; }

    [Setting("From sending the request to the first event of a stream, or to a complete answer. Of a provider: 60s.", Min = "1ms", Max = "1h")]
    public TimeSpan? FirstEvent { get; init; }

    [Setting("Between two reads that brought bytes. Of a provider: 30s.", Min = "1ms", Max = "1h")]
    public TimeSpan? Idle { get; init; }

    [Setting("From the start to the end of an attempt. Of a provider: 10m.", Min = "1ms", Max = "1d")]
    public TimeSpan? Total { get; init; }
}
