using System.Text.Json;
using LlmGateway.Catalog;
using LlmGateway.Gateway;

namespace LlmGateway.Requests;

/// <summary>
/// Reads values of members by their type. The reader is at the value's first token and is left at its last. Null is as good as absent,
/// as it is at OpenAI.
/// </summary>
internal static class MemberValue
{
    public static BodyRange RangeOf(in Utf8JsonReader reader) =>
        new((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex));

    public static GatewayError? ReadBoolean(ref Utf8JsonReader reader, string name, ref bool value)
    {
        if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
        {
            return RequestErrors.WrongType(name, "a boolean", reader.TokenType);
        }

        value = reader.TokenType is JsonTokenType.True;
        return null;
    }

    public static GatewayError? ReadInteger(ref Utf8JsonReader reader, string name, ref long? value)
    {
        if (reader.TokenType is JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType is not JsonTokenType.Number)
        {
            return RequestErrors.WrongType(name, "an integer", reader.TokenType);
        }

        // 10.0 is what a program sends that computes with floats; it is an integer to JSON Schema and to most providers.
        if (reader.TryGetInt64(out var integer))
        {
            value = integer;
        }
        else if (reader.TryGetDecimal(out var number) && decimal.IsInteger(number) && number is >= long.MinValue and <= long.MaxValue)
        {
            value = (long)number;
        }
        else
        {
            return RequestErrors.WrongType(name, "an integer", "another number");
        }

        return null;
    }

    public static GatewayError? ReadCount(ref Utf8JsonReader reader, string name, ref int count)
    {
        long? value = null;
        if (ReadInteger(ref reader, name, ref value) is { } error)
        {
            return error;
        }

        if (value is < 1 or > RequestReader.MaxChoices)
        {
            return RequestErrors.Invalid(name, $"it must be from 1 to {RequestReader.MaxChoices}, but is {value}");
        }

        count = (int)(value ?? count);
        return null;
    }

    /// <summary>Text that we only attribute by: one that is too long, or has control characters, is the provider's business and not kept.</summary>
    public static GatewayError? ReadText(ref Utf8JsonReader reader, string name, int maxLength, ref string? text, ref bool dropped)
    {
        if (reader.TokenType is JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType is not JsonTokenType.String)
        {
            return RequestErrors.WrongType(name, "a string", reader.TokenType);
        }

        if (!JsonText.TryGetString(reader, maxLength, out var value) || AttributionText.HasControl(value))
        {
            dropped = true;
        }
        else if (value.Length > 0)
        {
            text = value;
        }

        return null;
    }

    public static GatewayError? ReadObject(ref Utf8JsonReader reader, string name, ref BodyRange range)
    {
        if (reader.TokenType is JsonTokenType.StartObject)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            range = new BodyRange(start, (int)reader.BytesConsumed - start);
            return null;
        }

        return reader.TokenType is JsonTokenType.Null ? null : RequestErrors.WrongType(name, "an object", reader.TokenType);
    }

    public static GatewayError? ReadTools(ref Utf8JsonReader reader, string name, ref InputTally tally, ref int count)
    {
        if (reader.TokenType is JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            return RequestErrors.WrongType(name, "an array", reader.TokenType);
        }

        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            count++;
            tally.Needs |= Capabilities.Tools;
            tally.AddValue(ref reader, names: true);
        }

        return null;
    }

    public static GatewayError? ReadResponseFormat(ref Utf8JsonReader reader, ref InputTally tally)
    {
        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            return reader.TokenType is JsonTokenType.Null ? null : RequestErrors.WrongType("response_format", "an object", reader.TokenType);
        }

        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var type = JsonText.Is(reader, "type"u8);
            reader.Read();
            if (!type)
            {
                tally.AddValue(ref reader, names: true);
            }
            else if (reader.TokenType is JsonTokenType.String)
            {
                tally.Needs |= JsonText.Is(reader, "json_schema"u8) ? Capabilities.JsonSchema
                    : JsonText.Is(reader, "json_object"u8) ? Capabilities.JsonObject
                    : Capabilities.None;
            }
            else
            {
                return RequestErrors.WrongType("response_format.type", "a string", reader.TokenType);
            }
        }

        return null;
    }

    public static GatewayError? ReadReasoningEffort(ref Utf8JsonReader reader, ref InputTally tally)
    {
        if (reader.TokenType is JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType is not JsonTokenType.String)
        {
            return RequestErrors.WrongType("reasoning_effort", "a string", reader.TokenType);
        }

        if (!JsonText.Is(reader, "none"u8))
        {
            tally.Needs |= Capabilities.Reasoning;
        }

        return null;
    }

    public static GatewayError? ReadNames(ref Utf8JsonReader reader, string name, ref List<string>? names)
    {
        if (reader.TokenType is JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            return RequestErrors.WrongType(name, "an array of strings", reader.TokenType);
        }

        names = [];
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            if (reader.TokenType is not JsonTokenType.String)
            {
                return RequestErrors.WrongType($"{name}[{names.Count}]", "a string", reader.TokenType);
            }

            if (!JsonText.TryGetString(reader, RequestReader.MaxModelLength, out var model) || string.IsNullOrWhiteSpace(model))
            {
                return RequestErrors.Invalid($"{name}[{names.Count}]", $"it must be a name of 1 to {RequestReader.MaxModelLength} characters");
            }

            if (names.Count == RequestReader.MaxFallbacks)
            {
                return RequestErrors.Invalid(name, $"it may have at most {RequestReader.MaxFallbacks} entries");
            }

            names.Add(model);
        }

        return null;
    }

    /// <summary>A text, texts, a list of token ids, or lists of them; <paramref name="count"/> is how many texts or lists.</summary>
    public static GatewayError? ReadTextOrTokens(ref Utf8JsonReader reader, string name, ref InputTally tally, ref int count)
    {
        if (reader.TokenType is JsonTokenType.String)
        {
            tally.AddText(reader);
            return null;
        }

        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            return RequestErrors.WrongType(name, "a string or an array", reader.TokenType);
        }

        var depth = reader.CurrentDepth;
        var items = 0;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            items += reader.CurrentDepth == depth + 1 && reader.TokenType is JsonTokenType.String or JsonTokenType.StartArray ? 1 : 0;
            if (reader.TokenType is JsonTokenType.String)
            {
                tally.AddText(reader);
            }
            else if (reader.TokenType is JsonTokenType.Number)
            {
                tally.AddTokens(1);
            }
        }

        count = Math.Max(1, items);
        return null;
    }
}
