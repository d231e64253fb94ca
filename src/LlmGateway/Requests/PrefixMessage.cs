namespace LlmGateway.Requests;

/// <summary>
/// How a provider is asked to go on with an answer that has begun: its beginning as a last message of the assistant, marked as each vendor
/// wants it.
/// </summary>
/// <param name="Message">Goes before the closing bracket of <c>messages</c>, with the comma that it needs.</param>
/// <param name="Tokens">About so many tokens of the answer have been delivered.</param>
/// <param name="Members">Goes behind the opening brace of the body, with a comma behind; empty for most vendors.</param>
internal readonly record struct PrefixMessage(ReadOnlyMemory<byte> Message, ReadOnlyMemory<byte> Members, long Tokens)
{
    // Without the second member vLLM refuses the first: a new turn must not be opened behind the message.
    private static readonly byte[] ContinueMembers = "\"continue_final_message\":true,\"add_generation_prompt\":false,"u8.ToArray();

    public bool Exists => !Message.IsEmpty;

    /// <param name="request">The original; only a chat has messages to put one behind.</param>
    /// <param name="profile">Whose habits the provider has; null for none.</param>
    /// <param name="prefix">The content of a JSON string, without its quotes; empty for none.</param>
    public static PrefixMessage For(InferenceRequest request, string? profile, ReadOnlyMemory<byte> prefix)
    {
        if (prefix.IsEmpty || request.Marks.MessagesEnd == 0)
        {
            return default;
        }

        var mark = Mark(profile);
        var opening = request.Marks.HasMessages ? ",{\"role\":\"assistant\",\"content\":\""u8 : "{\"role\":\"assistant\",\"content\":\""u8;
        var message = new byte[opening.Length + prefix.Length + mark.Length];
        opening.CopyTo(message);
        prefix.Span.CopyTo(message.AsSpan(opening.Length));
        mark.CopyTo(message.AsSpan(opening.Length + prefix.Length));
        return new PrefixMessage(message, profile == "vllm" ? ContinueMembers : default(ReadOnlyMemory<byte>), (prefix.Length + InputTally.BytesPerToken - 1) / InputTally.BytesPerToken);
    }

    private static ReadOnlySpan<byte> Mark(string? profile) => profile switch
    {
        "moonshot" or "qwen" => "\",\"partial\":true}"u8,
        "vllm" => "\"}"u8,
        _ => "\",\"prefix\":true}"u8,
    };
}
