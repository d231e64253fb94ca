namespace LlmGateway.Protocols.OpenAI;

/// <summary>The spellings of finish reasons.</summary>
public static class FinishReasons
{
    /// <summary>Reads a finish reason of any provider of the OpenAI dialect; empty is <see cref="FinishReason.None"/>.</summary>
    public static FinishReason Parse(ReadOnlySpan<byte> raw)
    {
        if (raw.IsEmpty)
            return FinishReason.None;
        if (raw.SequenceEqual("stop"u8) || raw.SequenceEqual("normal"u8) || raw.SequenceEqual("eos"u8) || raw.SequenceEqual("end_turn"u8))
            return FinishReason.Stop;
        if (raw.SequenceEqual("tool_calls"u8) || raw.SequenceEqual("tool_use"u8))
            return FinishReason.ToolCalls;
        if (raw.SequenceEqual("length"u8) || raw.SequenceEqual("model_length"u8) || raw.SequenceEqual("max_tokens"u8)
            || raw.SequenceEqual("model_context_window_exceeded"u8))
            return FinishReason.Length;
        if (raw.SequenceEqual("content_filter"u8) || raw.SequenceEqual("sensitive"u8))
            return FinishReason.ContentFilter;
        if (raw.SequenceEqual("function_call"u8))
            return FinishReason.FunctionCall;
        if (raw.SequenceEqual("error"u8) || raw.SequenceEqual("network_error"u8) || raw.SequenceEqual("abort"u8))
            return FinishReason.Error;
        return raw.SequenceEqual("insufficient_system_resource"u8) ? FinishReason.Overloaded : FinishReason.Other;
    }

    /// <summary>
    /// The value to show to a client, always one of OpenAI's five since typed clients reject others; empty for <see cref="FinishReason.None"/>.
    /// Failures and unknown values become <c>stop</c>: whoever can should end the answer with an error instead.
    /// </summary>
    public static ReadOnlySpan<byte> ToOpenAI(FinishReason reason) => reason switch
    {
        FinishReason.None => [],
        FinishReason.Length => "length"u8,
        FinishReason.ToolCalls => "tool_calls"u8,
        FinishReason.ContentFilter => "content_filter"u8,
        FinishReason.FunctionCall => "function_call"u8,
        _ => "stop"u8,
    };
}
