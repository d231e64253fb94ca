using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Writes the schema that the answer must keep to as <c>response_format</c>.</summary>
internal static class OutputFormat
{
    private static readonly string[] Members = ["type", "schema"];

    public static bool TryWrite(TranslationState state, RequestNode format)
    {
        if (!format.Exists)
            return true;
        var type = format.Member("type");
        var schema = format.Member("schema");
        if (!state.TryObject(format) || !state.TryText(type, out _))
            return false;
        if (!type.Is("json_schema"))
            return state.Invalid(type, "it must be json_schema");
        if (!state.TryObject(schema))
            return false;
        state.DropOthers(format, Members);
        var writer = state.Writer;
        writer.WriteStartObject("response_format"u8);
        writer.WriteString("type"u8, "json_schema"u8);
        writer.WriteStartObject("json_schema"u8);

        // The chat dialect wants a name, Messages has none.
        writer.WriteString("name"u8, "output"u8);
        writer.WritePropertyName("schema"u8);
        schema.Element.WriteTo(writer);
        if (IsStrict(schema.Element))
            writer.WriteBoolean("strict"u8, true);
        writer.WriteEndObject();
        writer.WriteEndObject();
        return true;
    }

    /// <summary>
    /// Messages always keeps to the schema; OpenAI does with <c>strict</c>, but refuses then a schema with an object that is open or has a
    /// member that may be missing.
    /// </summary>
    private static bool IsStrict(JsonElement schema)
    {
        if (schema.ValueKind is JsonValueKind.Array)
        {
            foreach (var item in schema.EnumerateArray())
            {
                if (!IsStrict(item))
                    return false;
            }

            return true;
        }

        if (schema.ValueKind is not JsonValueKind.Object)
            return true;
        if (schema.TryGetProperty("properties"u8, out var properties) && properties.ValueKind is JsonValueKind.Object && !IsClosed(schema, properties))
            return false;
        foreach (var member in schema.EnumerateObject())
        {
            if (!IsStrict(member.Value))
                return false;
        }

        return true;
    }

    private static bool IsClosed(JsonElement schema, JsonElement properties)
    {
        if (!schema.TryGetProperty("additionalProperties"u8, out var others) || others.ValueKind is not JsonValueKind.False)
            return false;
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (schema.TryGetProperty("required"u8, out var required) && required.ValueKind is JsonValueKind.Array)
        {
            foreach (var name in required.EnumerateArray())
            {
                if (name.ValueKind is JsonValueKind.String)
                    names.Add(name.GetString()!);
            }
        }

        foreach (var member in properties.EnumerateObject())
        {
            if (!names.Contains(member.Name))
                return false;
        }

        return true;
    }
}
