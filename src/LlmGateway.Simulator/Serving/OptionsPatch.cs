using System.Text.Json;
using LlmGateway.Simulator.Faults;

namespace LlmGateway.Simulator.Serving;

/// <summary>Changes single options by their names in <c>snake_case</c>; durations as <c>20s</c>.</summary>
internal static class OptionsPatch
{
    public static SimulatorOptions Apply(SimulatorOptions options, JsonElement patch)
    {
        if (patch.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("the options are an object");
        }

        foreach (JsonProperty member in patch.EnumerateObject())
        {
            try
            {
                options = Apply(options, member.Name, member.Value);
            }
            catch (InvalidOperationException)
            {
                throw new FormatException($"'{member.Name}' has a value of the wrong type");
            }
        }

        return options;
    }

    private static SimulatorOptions Apply(SimulatorOptions options, string name, JsonElement value) => name switch
    {
        "first_token_delay" => options with { FirstTokenDelay = Duration(value) },
        "token_delay" => options with { TokenDelay = Duration(value) },
        "jitter" => options with { Jitter = value.GetDouble() },
        "output_tokens" => options with { OutputTokens = value.GetInt32() },
        "requests_per_minute" => options with { RequestsPerMinute = value.GetInt32() },
        "tokens_per_minute" => options with { TokensPerMinute = value.GetInt32() },
        "api_keys" => options with { ApiKeys = value.EnumerateArray().Select(static key => key.GetString()!).ToArray() },
        "require_key" => options with { RequireKey = value.GetBoolean() },
        "any_model" => options with { AnyModel = value.GetBoolean() },
        "prompt_cache" => options with { PromptCache = value.GetBoolean() },
        "reasoning_content" => options with { ReasoningContent = value.GetBoolean() },
        "obfuscation" => options with { Obfuscation = value.GetBoolean() },
        "request_log_capacity" => options with { RequestLogCapacity = value.GetInt32() },
        "request_log_body_bytes" => options with { RequestLogBodyBytes = value.GetInt32() },
        _ => throw new FormatException($"'{name}' is not an option that can be changed while the simulator runs"),
    };

    private static TimeSpan Duration(JsonElement value) =>
        FaultDuration.TryParse(value.GetString(), out TimeSpan duration) ? duration : throw new FormatException($"'{value}' is not a duration");
}
