using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>Which tool the model may or must call.</summary>
internal static class ToolChoice
{
    /// <param name="choice">The value of <c>tool_choice</c>; not null.</param>
    /// <param name="hasTools">Without tools a chat request must not name a choice: what asks for no call is left out then.</param>
    /// <param name="pass">The request on its way.</param>
    public static bool TryWrite(JsonElement choice, bool hasTools, RequestPass pass)
    {
        var place = new Place("tool_choice");
        if (choice.ValueKind is JsonValueKind.String)
            return TryWriteMode(choice, hasTools, place, pass);
        if (choice.ValueKind is not JsonValueKind.Object)
            return pass.WrongType(place, "a string or an object", choice);
        if (!hasTools)
            return NoTools(place, pass);
        if (!pass.TryText(choice, "type", place, out var type))
            return false;
        pass.Json.WritePropertyName("tool_choice"u8);
        if (!type.ValueEquals("allowed_tools"u8))
            return TryWriteTool(choice, place, pass);
        return TryWriteAllowed(choice, place, pass);
    }

    private static bool TryWriteMode(JsonElement mode, bool hasTools, Place place, RequestPass pass)
    {
        var isRequired = mode.ValueEquals("required"u8);
        if (!isRequired && !mode.ValueEquals("auto"u8) && !mode.ValueEquals("none"u8))
            return pass.Invalid(place, "it must be 'none', 'auto', 'required' or an object");
        if (!hasTools)
            return !isRequired || NoTools(place, pass);
        pass.Copy("tool_choice"u8, mode);
        return true;
    }

    private static bool TryWriteAllowed(JsonElement choice, Place place, RequestPass pass)
    {
        if (!pass.TryText(choice, "mode", place, out var mode))
            return false;
        if (!choice.TryGetProperty("tools", out var tools) || tools.ValueKind is not JsonValueKind.Array)
            return pass.WrongType(place.At("tools"), "an array", tools);
        pass.Json.WriteStartObject();
        pass.Json.WriteString("type"u8, "allowed_tools"u8);
        pass.Json.WriteStartObject("allowed_tools"u8);
        pass.Copy("mode"u8, mode);
        pass.Json.WriteStartArray("tools"u8);
        var index = 0;
        foreach (var tool in tools.EnumerateArray())
        {
            if (!TryWriteTool(tool, place.At("tools").Item(index++), pass))
                return false;
        }

        pass.Json.WriteEndArray();
        pass.Json.WriteEndObject();
        pass.Json.WriteEndObject();
        return true;
    }

    /// <summary>One tool by its name: flat here, nested in a chat request.</summary>
    private static bool TryWriteTool(JsonElement tool, Place place, RequestPass pass)
    {
        if (tool.ValueKind is not JsonValueKind.Object)
            return pass.WrongType(place, "an object", tool);
        if (!pass.TryText(tool, "type", place, out var type))
            return false;
        var isCustom = type.ValueEquals("custom"u8);
        if (!isCustom && !type.ValueEquals("function"u8))
        {
            return pass.Unsupported(
                place.At("type"), $"Tools of type '{RequestPass.Shown(type)}' are not served here; name one of type 'function' or 'custom'.");
        }

        if (!pass.TryText(tool, "name", place, out var name))
            return false;
        pass.Json.WriteStartObject();
        pass.Json.WriteString("type"u8, isCustom ? "custom"u8 : "function"u8);
        pass.Json.WriteStartObject(isCustom ? "custom"u8 : "function"u8);
        pass.Copy("name"u8, name);
        pass.Json.WriteEndObject();
        pass.Json.WriteEndObject();
        return true;
    }

    private static bool NoTools(Place place, RequestPass pass) => pass.Invalid(place, "it asks for a call, but the request offers no tools");
}
