namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Writes the system prompt and the conversation as chat messages.</summary>
internal static class MessageList
{
    private static readonly string[] Members = ["role", "content"];

    public static bool TryWrite(TranslationState state, RequestNode system, RequestNode messages)
    {
        if (!messages.Exists)
            return state.Missing(messages.Place);
        if (!state.TryItems(messages, out var count))
            return false;
        if (count == 0)
            return state.Invalid(messages, "there must be at least one message");
        state.Writer.WriteStartArray("messages"u8);
        if (system.Exists && !TryWriteSystem(state, system))
            return false;

        // The calls that the results of the next user message answer.
        List<string> calls = [];
        var index = 0;
        foreach (var item in messages.Element.EnumerateArray())
        {
            if (!TryWriteMessage(state, new RequestNode(item, messages.Place.Item(index++)), calls))
                return false;
        }

        state.Writer.WriteEndArray();
        return true;
    }

    private static bool TryWriteMessage(TranslationState state, RequestNode message, List<string> calls)
    {
        if (!state.TryObject(message))
            return false;
        var role = message.Member("role");
        var content = message.Member("content");
        if (!state.TryText(role, out var name))
            return false;
        if (!content.Exists)
            return state.Missing(content.Place);
        state.DropOthers(message, Members);
        return name switch
        {
            "user" => UserMessage.TryWrite(state, content, calls),
            "assistant" => AssistantMessage.TryWrite(state, content, calls),
            "system" => TryWriteSystem(state, content),
            _ => state.Invalid(role, "it must be user, assistant or system"),
        };
    }

    // One string, since many providers take no array here. A prompt without text would be refused by others.
    private static bool TryWriteSystem(TranslationState state, RequestNode content)
    {
        if (!ContentReader.TryReadText(state, content, out string text))
            return false;
        if (text.Length == 0)
            return true;
        state.Writer.WriteStartObject();
        state.Writer.WriteString("role"u8, "system"u8);
        state.Writer.WriteString("content"u8, text);
        state.Writer.WriteEndObject();
        return true;
    }
}
