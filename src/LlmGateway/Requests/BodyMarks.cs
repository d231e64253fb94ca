namespace LlmGateway.Requests;

/// <summary>A range of bytes of the body; empty for a member that is absent.</summary>
internal readonly record struct BodyRange(int Start, int Length)
{
    public bool Exists => Length > 0;
}

/// <summary>A bound on the output, and where it stands; the default for none.</summary>
internal readonly record struct OutputBound(BodyRange Range, long Tokens);

/// <summary>A bound on the output that an attempt adds; the default adds none.</summary>
/// <param name="AsCompletionTokens">As <c>max_completion_tokens</c> in place of <c>max_tokens</c>.</param>
internal readonly record struct AddedBound(long Tokens, bool AsCompletionTokens);

/// <summary>Places of a request body that an attempt edits, found in the one pass.</summary>
internal sealed record BodyMarks
{
    /// <summary>The value of <c>model</c>, quotes included.</summary>
    public required BodyRange Model { get; init; }

    /// <summary>Just behind the opening brace of the body, where a member can be put in.</summary>
    public required int AfterOpeningBrace { get; init; }

    /// <summary>The value of <c>max_tokens</c>, when it bounds something.</summary>
    public OutputBound MaxTokens { get; init; }

    /// <summary>The same of <c>max_completion_tokens</c>.</summary>
    public OutputBound MaxCompletionTokens { get; init; }

    /// <summary>The value of <c>max_tokens</c>, when it is there and bounds nothing: <c>null</c>, or -1.</summary>
    public BodyRange UnboundMaxTokens { get; init; }

    /// <summary>The same of <c>max_completion_tokens</c>.</summary>
    public BodyRange UnboundMaxCompletionTokens { get; init; }

    /// <summary>The value of <c>stream_options</c>, when there is one.</summary>
    public BodyRange StreamOptions { get; init; }

    /// <summary>The value of <c>stream_options.include_usage</c>, when there is one.</summary>
    public BodyRange IncludeUsage { get; init; }

    /// <summary>The closing bracket of <c>messages</c>, where a message can be put in; 0 for a body without.</summary>
    public int MessagesEnd { get; init; }

    /// <summary>Just behind the opening bracket of <c>messages</c>; 0 for a body without.</summary>
    public int MessagesStart { get; init; }

    /// <summary>Where the first messages end, and the last ones; empty for a body without.</summary>
    public ReadOnlyMemory<MessageEnd> MessageEnds { get; init; }

    /// <summary>There is a message before the closing bracket, so a further one needs a comma.</summary>
    public bool HasMessages => !MessageEnds.IsEmpty;

    /// <summary>The value of <c>tools</c> (else <c>functions</c>), when there is one: vendors put it before the messages.</summary>
    public BodyRange Tools { get; init; }

    /// <summary>What the tools count in the estimate of the input.</summary>
    public int ToolTokens { get; init; }

    /// <summary>Members that are ours and never forwarded (<c>fallbacks</c>), each with the comma that goes with it.</summary>
    public IReadOnlyList<BodyRange> Ours { get; init; } = [];
}
