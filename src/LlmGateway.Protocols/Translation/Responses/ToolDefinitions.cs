using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>Tools: flat here, nested in a chat request. Those that OpenAI's own servers run are refused, since nobody here would run them.</summary>
internal static class ToolDefinitions
{
    public static bool TryWrite(JsonElement tools, RequestPass pass)
    {
        pass.Json.WriteStartArray("tools"u8);
        var index = 0;
        foreach (var tool in tools.EnumerateArray())
        {
            var place = new Place("tools", index++);
            if (tool.ValueKind is not JsonValueKind.Object)
                return pass.WrongType(place, "an object", tool);
            if (!pass.TryText(tool, "type", place, out var type) || !TryWrite(tool, type, place, pass))
                return false;
        }

        pass.Json.WriteEndArray();
        return true;
    }

    private static bool TryWrite(JsonElement tool, JsonElement type, Place place, RequestPass pass)
    {
        var isCustom = type.ValueEquals("custom"u8);
        if (!isCustom && !type.ValueEquals("function"u8))
        {
            return pass.Unsupported(
                place.At("type"),
                $"Tools of type '{RequestPass.Shown(type)}' run on OpenAI's servers only; offer a 'function' or 'custom' tool, and run it yourself.");
        }

        if (!pass.TryText(tool, "name", place, out var name))
            return false;
        pass.Json.WriteStartObject();
        pass.Json.WriteString("type"u8, isCustom ? "custom"u8 : "function"u8);
        pass.Json.WriteStartObject(isCustom ? "custom"u8 : "function"u8);
        pass.Copy("name"u8, name);
        if (!TryWriteRest(tool, isCustom, place, pass))
            return false;
        pass.Json.WriteEndObject();
        pass.Json.WriteEndObject();
        return true;
    }

    private static bool TryWriteRest(JsonElement tool, bool isCustom, Place place, RequestPass pass)
    {
        if (RequestPass.TryMember(tool, "description", out var description))
            pass.Copy("description"u8, description);
        if (!isCustom && RequestPass.TryMember(tool, "parameters", out var parameters))
            pass.Copy("parameters"u8, parameters);
        if (!isCustom && RequestPass.TryMember(tool, "strict", out var strict))
            pass.Copy("strict"u8, strict);
        if (isCustom && RequestPass.TryMember(tool, "format", out var format) && !TryWriteFormat(format, place.At("format"), pass))
            return false;
        foreach (var member in tool.EnumerateObject())
        {
            if (!IsKnown(member, isCustom) && member.Value.ValueKind is not JsonValueKind.Null)
                pass.Drop(place.At(member.Name).ToString());
        }

        return true;
    }

    private static bool IsKnown(JsonProperty member, bool isCustom) =>
        member.NameEquals("type"u8) || member.NameEquals("name"u8) || member.NameEquals("description"u8)
        || (isCustom ? member.NameEquals("format"u8) : member.NameEquals("parameters"u8) || member.NameEquals("strict"u8));

    /// <summary>A grammar stands flat here, and under its own name in a chat request.</summary>
    private static bool TryWriteFormat(JsonElement format, Place place, RequestPass pass)
    {
        if (format.ValueKind is not JsonValueKind.Object)
            return pass.WrongType(place, "an object", format);
        if (!pass.TryText(format, "type", place, out var type))
            return false;
        pass.Json.WritePropertyName("format"u8);
        if (!type.ValueEquals("grammar"u8))
        {
            pass.Copy(format);
            return true;
        }

        if (!pass.TryText(format, "syntax", place, out var syntax) || !pass.TryText(format, "definition", place, out var definition))
            return false;
        pass.Json.WriteStartObject();
        pass.Json.WriteString("type"u8, "grammar"u8);
        pass.Json.WriteStartObject("grammar"u8);
        pass.Copy("syntax"u8, syntax);
        pass.Copy("definition"u8, definition);
        pass.Json.WriteEndObject();
        pass.Json.WriteEndObject();
        return true;
    }
}
