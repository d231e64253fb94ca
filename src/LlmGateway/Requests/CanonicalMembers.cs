namespace LlmGateway.Requests;

/// <summary>Which members of a request cannot change its answer, and which values are the same as none.</summary>
internal static class CanonicalMembers
{
    private static ReadOnlySpan<byte> NullFrame => [FrameBuffer.Null];

    private static ReadOnlySpan<byte> FalseFrame => [FrameBuffer.False];

    private static ReadOnlySpan<byte> OneFrame => [FrameBuffer.Number, (byte)'1', 0];

    private static ReadOnlySpan<byte> EmptyArray => [FrameBuffer.Array, FrameBuffer.End];

    private static ReadOnlySpan<byte> EmptyObject => [FrameBuffer.Object, FrameBuffer.End];

    /// <summary>Members of the body that say who asks, how it is delivered, kept and billed. The model is left out since its name is only an alias.</summary>
    public static bool IsLeftOut(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 => name.SequenceEqual("user"u8),
        5 => name.SequenceEqual("model"u8),
        6 => name.SequenceEqual("stream"u8),
        8 => name.SequenceEqual("metadata"u8),
        9 => name.SequenceEqual("fallbacks"u8),
        12 => name.SequenceEqual("service_tier"u8),
        14 => name.SequenceEqual("stream_options"u8),
        16 => name.SequenceEqual("prompt_cache_key"u8),
        17 => name.SequenceEqual("safety_identifier"u8),
        20 => name.SequenceEqual("prompt_cache_options"u8),
        22 => name.SequenceEqual("prompt_cache_retention"u8),
        _ => false,
    };

    /// <summary>Marks in messages and parts that tell a provider where its cache may begin.</summary>
    public static bool IsCacheMark(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("cache_control"u8) || name.SequenceEqual("prompt_cache_breakpoint"u8);

    /// <summary>
    /// The value says what is so without the member. Only where OpenAI documents it and no provider that we know differs: Qwen has other
    /// penalties and other parallel tool calls by default, and every vendor another temperature.
    /// </summary>
    public static bool IsDefault(ReadOnlySpan<byte> name, ReadOnlySpan<byte> frame) =>
        frame.SequenceEqual(NullFrame) ? IsNullable(name) : name.Length switch
        {
            1 => name[0] == (byte)'n' && frame.SequenceEqual(OneFrame),
            4 => name.SequenceEqual("echo"u8) && frame.SequenceEqual(FalseFrame),
            5 => (name.SequenceEqual("store"u8) && frame.SequenceEqual(FalseFrame)) || (name.SequenceEqual("tools"u8) && frame.SequenceEqual(EmptyArray)),
            8 => name.SequenceEqual("logprobs"u8) && frame.SequenceEqual(FalseFrame),
            10 => name.SequenceEqual("logit_bias"u8) && frame.SequenceEqual(EmptyObject),
            15 => name.SequenceEqual("encoding_format"u8) && IsText(frame, "float"u8),
            _ => false,
        };

    /// <summary>In a message, as SDKs send back the answer that they were given.</summary>
    public static bool IsDefaultInMessage(ReadOnlySpan<byte> name, ReadOnlySpan<byte> frame) =>
        frame.SequenceEqual(NullFrame)
        && (name.SequenceEqual("content"u8) || name.SequenceEqual("name"u8) || name.SequenceEqual("refusal"u8) || name.SequenceEqual("audio"u8)
            || name.SequenceEqual("tool_calls"u8) || name.SequenceEqual("function_call"u8) || name.SequenceEqual("reasoning_content"u8));

    public static bool IsText(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> text) =>
        frame.Length == FrameBuffer.TextHead + text.Length && frame[0] == FrameBuffer.Text && frame.EndsWith(text);

    /// <summary>Members whose answers depend on what the provider remembers.</summary>
    public static bool IsState(ReadOnlySpan<byte> name) => name.Length switch
    {
        7 => name.SequenceEqual("context"u8),
        9 => name.SequenceEqual("container"u8) || name.SequenceEqual("thread_id"u8),
        10 => name.SequenceEqual("session_id"u8) || name.SequenceEqual("context_id"u8),
        12 => name.SequenceEqual("conversation"u8),
        15 => name.SequenceEqual("conversation_id"u8),
        20 => name.SequenceEqual("previous_response_id"u8),
        _ => false,
    };

    /// <summary>Members by which OpenAI, xAI, Qwen, Azure, OpenRouter and Perplexity are asked to look something up.</summary>
    public static bool IsSearch(ReadOnlySpan<byte> name) => name.Length switch
    {
        7 => name.SequenceEqual("plugins"u8),
        10 => name.SequenceEqual("web_search"u8),
        12 => name.SequenceEqual("data_sources"u8),
        13 => name.SequenceEqual("enable_search"u8),
        17 => name.SequenceEqual("search_parameters"u8),
        18 => name.SequenceEqual("web_search_options"u8),
        _ => false,
    };

    private static bool IsNullable(ReadOnlySpan<byte> name) => name.Length switch
    {
        1 => name[0] == (byte)'n',
        4 => name.SequenceEqual("stop"u8) || name.SequenceEqual("seed"u8) || name.SequenceEqual("echo"u8),
        5 => name.SequenceEqual("tools"u8) || name.SequenceEqual("store"u8) || name.SequenceEqual("top_p"u8) || name.SequenceEqual("audio"u8),
        6 => name.SequenceEqual("suffix"u8),
        7 => name.SequenceEqual("best_of"u8),
        8 => name.SequenceEqual("logprobs"u8),
        9 => name.SequenceEqual("functions"u8) || name.SequenceEqual("verbosity"u8),
        10 => name.SequenceEqual("max_tokens"u8) || name.SequenceEqual("logit_bias"u8) || name.SequenceEqual("modalities"u8)
            || name.SequenceEqual("prediction"u8) || name.SequenceEqual("dimensions"u8),
        11 => name.SequenceEqual("temperature"u8) || name.SequenceEqual("tool_choice"u8),
        12 => name.SequenceEqual("top_logprobs"u8),
        13 => name.SequenceEqual("function_call"u8),
        15 => name.SequenceEqual("response_format"u8) || name.SequenceEqual("encoding_format"u8),
        16 => name.SequenceEqual("presence_penalty"u8) || name.SequenceEqual("reasoning_effort"u8),
        17 => name.SequenceEqual("frequency_penalty"u8),
        18 => name.SequenceEqual("web_search_options"u8),
        19 => name.SequenceEqual("parallel_tool_calls"u8),
        20 => name.SequenceEqual("previous_response_id"u8),
        21 => name.SequenceEqual("max_completion_tokens"u8),
        _ => false,
    };
}
