namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Writes the tools and how they may be chosen.</summary>
internal static class ToolList
{
    private static readonly string[] Members = ["type", "name", "description", "input_schema", "strict"];
    private static readonly string[] ChoiceMembers = ["type", "name", "disable_parallel_tool_use"];

    public static bool TryWrite(TranslationState state, RequestNode tools, RequestNode choice)
    {
        if (!state.TryItems(tools, out var count))
            return false;
        if (count == 0)
            return TryLeaveChoice(state, choice);
        var writer = state.Writer;
        writer.WriteStartArray("tools"u8);
        var index = 0;
        foreach (var tool in tools.Element.EnumerateArray())
        {
            if (!TryWriteTool(state, new RequestNode(tool, tools.Place.Item(index++))))
                return false;
        }

        writer.WriteEndArray();
        return !choice.Exists || TryWriteChoice(state, choice);
    }

    private static bool TryWriteTool(TranslationState state, RequestNode tool)
    {
        if (!state.TryObject(tool))
            return false;
        var type = tool.Member("type");
        if (type.Exists && !type.Is("custom"))
        {
            return state.Unsupported(
                type.Place, $"a tool of the type '{type.Text}' runs at Anthropic or needs its model; describe it with name and input_schema, and run it yourself");
        }

        var schema = tool.Member("input_schema");
        if (!state.TryText(tool.Member("name"), out var name)
            || !state.TryOptionalText(tool.Member("description"), out var description)
            || !state.TryFlag(tool.Member("strict"), out var strict)
            || !state.TryObject(schema))
        {
            return false;
        }

        state.DropOthers(tool, Members);
        var writer = state.Writer;
        writer.WriteStartObject();
        writer.WriteString("type"u8, "function"u8);
        writer.WriteStartObject("function"u8);
        writer.WriteString("name"u8, name);
        if (description is not null)
            writer.WriteString("description"u8, description);
        writer.WritePropertyName("parameters"u8);
        schema.Element.WriteTo(writer);
        if (strict)
            writer.WriteBoolean("strict"u8, true);
        writer.WriteEndObject();
        writer.WriteEndObject();
        return true;
    }

    private static bool TryWriteChoice(TranslationState state, RequestNode choice)
    {
        var type = choice.Member("type");
        if (!state.TryObject(choice) || !state.TryText(type, out var kind) || !state.TryFlag(choice.Member("disable_parallel_tool_use"), out var oneByOne))
            return false;
        state.DropOthers(choice, ChoiceMembers);
        var writer = state.Writer;
        switch (kind)
        {
            case "auto":
                writer.WriteString("tool_choice"u8, "auto"u8);
                break;
            case "any":
                writer.WriteString("tool_choice"u8, "required"u8);
                break;
            case "none":
                writer.WriteString("tool_choice"u8, "none"u8);
                break;
            case "tool":
                if (!state.TryText(choice.Member("name"), out var name))
                    return false;
                writer.WriteStartObject("tool_choice"u8);
                writer.WriteString("type"u8, "function"u8);
                writer.WriteStartObject("function"u8);
                writer.WriteString("name"u8, name);
                writer.WriteEndObject();
                writer.WriteEndObject();
                break;
            default:
                return state.Invalid(type, "it must be auto, any, tool or none");
        }

        if (oneByOne)
            writer.WriteBoolean("parallel_tool_calls"u8, false);
        return true;
    }

    // Providers of the chat dialect refuse a choice where there are no tools.
    private static bool TryLeaveChoice(TranslationState state, RequestNode choice)
    {
        if (!choice.Exists)
            return true;
        if (!state.TryObject(choice))
            return false;
        if (choice.Member("type").Is("any") || choice.Member("type").Is("tool"))
            return state.Invalid(choice, "it asks for a tool, but there are no tools");
        state.Dropped.Add(choice.Place);
        return true;
    }
}
