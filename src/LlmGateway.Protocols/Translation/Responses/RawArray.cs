using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>Writes values that are JSON already, with commas between, as an array.</summary>
internal static class RawArray
{
    public static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> values)
    {
        json.WriteStartArray();
        if (!values.IsEmpty)
            json.WriteRawValue(values, skipInputValidation: true);
        json.WriteEndArray();
    }
}
