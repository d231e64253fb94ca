using System.Text.Json;

namespace LlmGateway.Simulator.Answers;

/// <summary>A string that fits the format and the lengths of a schema; else the name of the member, which reads like an answer.</summary>
internal static class SampleString
{
    public static string For(JsonElement schema, string name)
    {
        string? format = schema.TryGetProperty("format", out JsonElement given) && given.ValueKind == JsonValueKind.String ? given.GetString() : null;
        string sample = format switch
        {
            "date-time" => "2026-01-01T12:00:00Z",
            "date" => "2026-01-01",
            "time" => "12:00:00Z",
            "duration" => "PT1H",
            "email" => "someone@example.com",
            "hostname" => "example.com",
            "ipv4" => "192.0.2.1",
            "ipv6" => "2001:db8::1",
            "uri" => "https://example.com/",
            "uuid" => "00000000-0000-4000-8000-000000000001",
            _ => name,
        };
        if (schema.TryGetProperty("minLength", out JsonElement bound) && bound.TryGetInt32(out int minimum))
        {
            sample = sample.PadRight(Math.Min(minimum, 10_000), 'x');
        }

        return schema.TryGetProperty("maxLength", out bound) && bound.TryGetInt32(out int maximum) && maximum >= 0 && sample.Length > maximum
            ? sample[..maximum]
            : sample;
    }
}
