using System.Text.Json;
using LlmGateway.Simulator.Wire;

namespace LlmGateway.Simulator.Answers;

/// <summary>The document for a <c>response_format</c>: an object for <c>json_object</c>, the smallest that is valid for a <c>json_schema</c>.</summary>
internal static class JsonAnswer
{
    /// <returns>The document, or null where the format asks for plain text.</returns>
    public static Utf8Buffer? TryWrite(ReadOnlyMemory<byte> responseFormat)
    {
        using JsonDocument document = JsonDocument.Parse(responseFormat);
        JsonElement format = document.RootElement;
        string? type = format.TryGetProperty("type", out JsonElement named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
        if (type == "json_object")
        {
            return new Utf8Buffer().Add("{\"answer\":\"This is the simulator.\",\"ok\":true}"u8);
        }

        if (type != "json_schema")
        {
            return null;
        }

        var buffer = new Utf8Buffer();
        bool described = format.TryGetProperty("json_schema", out JsonElement outer)
            && outer.ValueKind == JsonValueKind.Object
            && outer.TryGetProperty("schema", out _);
        SchemaSample.Write(described ? outer.GetProperty("schema") : default, buffer);
        return buffer;
    }
}
