using System.Text.Encodings.Web;
using System.Text.Json;
using LlmGateway.Simulator.Wire;

namespace LlmGateway.Simulator.Answers;

/// <summary>The smallest plausible value that a JSON schema allows: required members only, first of every choice. Patterns are not solved.</summary>
internal static class SchemaSample
{
    // A recursive schema with required members has no finite value; past this depth members are left out.
    private const int MaxDepth = 16;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(JsonElement schema, Utf8Buffer buffer)
    {
        using var writer = new Utf8JsonWriter(buffer, Options);
        if (schema.ValueKind == JsonValueKind.Object)
        {
            WriteValue(writer, schema, schema, "value", 0);
        }
        else
        {
            writer.WriteStartObject();
            writer.WriteEndObject();
        }
    }

    private static void WriteValue(Utf8JsonWriter writer, JsonElement schema, JsonElement root, string name, int depth)
    {
        schema = Resolve(schema, root);
        if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth)
        {
            writer.WriteNullValue();
            return;
        }

        if (schema.TryGetProperty("const", out JsonElement given) || TryFirst(schema, "enum", out given) || schema.TryGetProperty("default", out given))
        {
            given.WriteTo(writer);
            return;
        }

        switch (TypeOf(schema))
        {
            case "object": WriteObject(writer, schema, root, depth); break;
            case "array": WriteArray(writer, schema, root, name, depth); break;
            case "integer": writer.WriteNumberValue((long)Math.Ceiling(Number(schema))); break;
            case "number": writer.WriteNumberValue(Number(schema)); break;
            case "boolean": writer.WriteBooleanValue(true); break;
            case "null": writer.WriteNullValue(); break;
            default: writer.WriteStringValue(SampleString.For(schema, name)); break;
        }
    }

    private static JsonElement Resolve(JsonElement schema, JsonElement root)
    {
        for (int hops = 0; hops < MaxDepth && schema.ValueKind == JsonValueKind.Object; hops++)
        {
            if (schema.TryGetProperty("$ref", out JsonElement reference) && reference.ValueKind == JsonValueKind.String)
            {
                schema = Follow(root, reference.GetString()!);
            }
            else if (!schema.TryGetProperty("type", out _)
                && (TryFirst(schema, "anyOf", out JsonElement choice) || TryFirst(schema, "oneOf", out choice) || TryFirst(schema, "allOf", out choice)))
            {
                schema = choice;
            }
            else
            {
                break;
            }
        }

        return schema;
    }

    private static JsonElement Follow(JsonElement root, string reference)
    {
        JsonElement at = root;
        foreach (string step in reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            string key = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(key, out at))
            {
                return default;
            }
        }

        return at;
    }

    private static bool TryFirst(JsonElement schema, string member, out JsonElement first)
    {
        first = default;
        if (!schema.TryGetProperty(member, out JsonElement list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            return false;
        }

        first = list[0];
        return true;
    }

    private static string? TypeOf(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out JsonElement type))
        {
            return schema.TryGetProperty("properties", out _) ? "object" : schema.TryGetProperty("items", out _) ? "array" : null;
        }

        if (type.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement one in type.EnumerateArray())
            {
                if (one.ValueKind == JsonValueKind.String && !one.ValueEquals("null"u8))
                {
                    return one.GetString();
                }
            }

            return "null";
        }

        return type.ValueKind == JsonValueKind.String ? type.GetString() : null;
    }

    private static void WriteObject(Utf8JsonWriter writer, JsonElement schema, JsonElement root, int depth)
    {
        writer.WriteStartObject();
        if (depth < MaxDepth && schema.TryGetProperty("required", out JsonElement required) && required.ValueKind == JsonValueKind.Array)
        {
            bool described = schema.TryGetProperty("properties", out JsonElement properties) && properties.ValueKind == JsonValueKind.Object;
            foreach (JsonElement item in required.EnumerateArray())
            {
                if (item.ValueKind != JsonValueKind.String)
                {
                    continue;
                }

                string name = item.GetString()!;
                writer.WritePropertyName(name);
                if (described && properties.TryGetProperty(name, out JsonElement property) && property.ValueKind == JsonValueKind.Object)
                {
                    WriteValue(writer, property, root, name, depth + 1);
                }
                else
                {
                    writer.WriteStringValue(name);
                }
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter writer, JsonElement schema, JsonElement root, string name, int depth)
    {
        writer.WriteStartArray();
        int count = schema.TryGetProperty("minItems", out JsonElement minimum) && minimum.TryGetInt32(out int least) ? Math.Min(least, 100) : 0;
        for (int i = 0; i < count; i++)
        {
            WriteValue(writer, schema.TryGetProperty("items", out JsonElement items) ? items : default, root, name, depth + 1);
        }

        writer.WriteEndArray();
    }

    private static double Number(JsonElement schema)
    {
        double number = 1;
        if (schema.TryGetProperty("minimum", out JsonElement bound))
        {
            number = Math.Max(number, bound.GetDouble());
        }

        if (schema.TryGetProperty("exclusiveMinimum", out bound) && bound.ValueKind == JsonValueKind.Number)
        {
            number = Math.Max(number, Math.Floor(bound.GetDouble()) + 1);
        }

        if (schema.TryGetProperty("maximum", out bound))
        {
            number = Math.Min(number, bound.GetDouble());
        }

        if (schema.TryGetProperty("multipleOf", out bound) && bound.GetDouble() > 0)
        {
            number = Math.Ceiling(number / bound.GetDouble()) * bound.GetDouble();
        }

        return number;
    }
}
