using System.Text.Json;
using LlmGateway.Simulator.Faults;
using LlmGateway.Simulator.Recording;
using LlmGateway.Simulator.Wire;

namespace LlmGateway.Simulator.Serving;

/// <summary>What the control endpoints answer. Keys are masked: a simulator may be shown to others.</summary>
internal static class ControlWriter
{
    public static void WriteRules(Utf8Buffer buffer, IReadOnlyList<FaultRule> rules)
    {
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartArray();
        foreach (FaultRule rule in rules)
        {
            writer.WriteStartObject();
            writer.WriteString("fault", rule.Fault);
            writer.WriteString("path", rule.Path);
            writer.WriteString("model", rule.Model);
            if (rule.Count is { } count)
            {
                writer.WriteNumber("count", count);
            }

            writer.WriteNumber("probability", rule.Probability);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static void WriteRequests(Utf8Buffer buffer, IReadOnlyList<SimulatedRequest> requests)
    {
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartArray();
        foreach (SimulatedRequest request in requests)
        {
            writer.WriteStartObject();
            writer.WriteString("method", request.Method);
            writer.WriteString("path", request.Path);
            writer.WriteString("model", request.Model);
            writer.WriteString("fault", request.Fault);
            writer.WriteNumber("status", request.Status);
            writer.WriteNumber("events_written", request.EventsWritten);
            writer.WriteBoolean("client_aborted", request.ClientAborted);
            writer.WriteString("started_at", request.StartedAt);
            if (request.FinishedAt is { } finished)
            {
                writer.WriteString("finished_at", finished);
            }

            writer.WriteNumber("body_length", request.BodyLength);
            writer.WriteBase64String("body", request.Body.Span);
            writer.WriteStartObject("headers");
            foreach (KeyValuePair<string, string> header in request.Headers)
            {
                bool secret = header.Key.Equals("authorization", StringComparison.OrdinalIgnoreCase) || header.Key.EndsWith("-key", StringComparison.OrdinalIgnoreCase);
                writer.WriteString(header.Key, secret ? SimulatorState.Masked(header.Value) : header.Value);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static void WriteOptions(Utf8Buffer buffer, SimulatorOptions options)
    {
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("first_token_delay", $"{options.FirstTokenDelay.TotalMilliseconds:0.###}ms");
        writer.WriteString("token_delay", $"{options.TokenDelay.TotalMilliseconds:0.###}ms");
        writer.WriteNumber("jitter", options.Jitter);
        writer.WriteNumber("output_tokens", options.OutputTokens);
        writer.WriteNumber("requests_per_minute", options.RequestsPerMinute);
        writer.WriteNumber("tokens_per_minute", options.TokensPerMinute);
        writer.WriteStartArray("api_keys");
        foreach (string key in options.ApiKeys)
        {
            writer.WriteStringValue(SimulatorState.Masked(key));
        }

        writer.WriteEndArray();
        writer.WriteBoolean("require_key", options.RequireKey);
        writer.WriteBoolean("any_model", options.AnyModel);
        writer.WriteBoolean("prompt_cache", options.PromptCache);
        writer.WriteBoolean("reasoning_content", options.ReasoningContent);
        writer.WriteBoolean("obfuscation", options.Obfuscation);
        writer.WriteNumber("request_log_capacity", options.RequestLogCapacity);
        writer.WriteNumber("request_log_body_bytes", options.RequestLogBodyBytes);
        writer.WriteStartArray("models");
        foreach (SimulatorModel model in options.Models)
        {
            writer.WriteStringValue(model.Id);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
