using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>How the answer shall be thought out and written: <c>reasoning</c>, <c>text</c>, and the odds of its tokens.</summary>
internal static class OutputOptions
{
    public static bool TryWrite(JsonElement root, RequestPass pass) =>
        TryWriteReasoning(root, pass) && TryWriteText(root, pass) && TryWriteLogprobs(root, pass);

    private static bool TryWriteReasoning(JsonElement root, RequestPass pass)
    {
        var place = new Place("reasoning");
        if (!RequestPass.TryMember(root, "reasoning", out var reasoning))
            return true;
        if (reasoning.ValueKind is not JsonValueKind.Object)
            return pass.WrongType(place, "an object", reasoning);
        foreach (var member in reasoning.EnumerateObject())
        {
            if (member.Value.ValueKind is JsonValueKind.Null)
                continue;
            var at = place.At(member.Name);
            if (member.NameEquals("effort"u8))
            {
                if (member.Value.ValueKind is not JsonValueKind.String)
                    return pass.WrongType(at, "a string", member.Value);
                pass.Copy("reasoning_effort"u8, member.Value);
            }
            else if (member.NameEquals("mode"u8) && !(member.Value.ValueKind is JsonValueKind.String && member.Value.ValueEquals("standard"u8)))
            {
                return pass.Unsupported(at, "Chat completions know only the mode 'standard'; leave it out.");
            }
            else if (!member.NameEquals("mode"u8) && !member.NameEquals("summary"u8) && !member.NameEquals("generate_summary"u8))
            {
                pass.Drop(at.ToString());
            }
        }

        return true;
    }

    private static bool TryWriteText(JsonElement root, RequestPass pass)
    {
        var place = new Place("text");
        if (!RequestPass.TryMember(root, "text", out var text))
            return true;
        if (text.ValueKind is not JsonValueKind.Object)
            return pass.WrongType(place, "an object", text);
        if (RequestPass.TryMember(text, "format", out var format) && !TryWriteFormat(format, place.At("format"), pass))
            return false;
        if (RequestPass.TryMember(text, "verbosity", out var verbosity))
        {
            if (verbosity.ValueKind is not JsonValueKind.String)
                return pass.WrongType(place.At("verbosity"), "a string", verbosity);
            pass.Copy("verbosity"u8, verbosity);
        }

        foreach (var member in text.EnumerateObject())
        {
            if (!member.NameEquals("format"u8) && !member.NameEquals("verbosity"u8) && member.Value.ValueKind is not JsonValueKind.Null)
                pass.Drop(place.At(member.Name).ToString());
        }

        return true;
    }

    private static bool TryWriteFormat(JsonElement format, Place place, RequestPass pass)
    {
        if (format.ValueKind is not JsonValueKind.Object)
            return pass.WrongType(place, "an object", format);
        if (!pass.TryText(format, "type", place, out var type))
            return false;
        if (type.ValueEquals("text"u8))
            return true;
        var isSchema = type.ValueEquals("json_schema"u8);
        if (!isSchema && !type.ValueEquals("json_object"u8))
            return pass.Invalid(place.At("type"), "it must be 'text', 'json_schema' or 'json_object'");
        pass.Json.WriteStartObject("response_format"u8);
        pass.Copy("type"u8, type);
        if (isSchema && !TryWriteSchema(format, place, pass))
            return false;
        pass.Json.WriteEndObject();
        return true;
    }

    private static bool TryWriteSchema(JsonElement format, Place place, RequestPass pass)
    {
        if (!pass.TryText(format, "name", place, out var name))
            return false;
        if (!format.TryGetProperty("schema", out var schema) || schema.ValueKind is not JsonValueKind.Object)
            return pass.WrongType(place.At("schema"), "an object", schema);
        pass.Json.WriteStartObject("json_schema"u8);
        pass.Copy("name"u8, name);
        if (RequestPass.TryMember(format, "description", out var description))
            pass.Copy("description"u8, description);
        pass.Copy("schema"u8, schema);
        if (RequestPass.TryMember(format, "strict", out var strict))
            pass.Copy("strict"u8, strict);
        pass.Json.WriteEndObject();
        return true;
    }

    private static bool TryWriteLogprobs(JsonElement root, RequestPass pass)
    {
        var count = 0;
        if (RequestPass.TryMember(root, "top_logprobs", out var top) && (top.ValueKind is not JsonValueKind.Number || !top.TryGetInt32(out count)))
            return pass.WrongType(new Place("top_logprobs"), "an integer", top);
        if (count != 0 || DeliveryOptions.AsksLogprobs(root))
            pass.Json.WriteBoolean("logprobs"u8, true);
        if (count != 0)
            pass.Copy("top_logprobs"u8, top);
        return true;
    }
}
