namespace LlmGateway.Requests;

/// <summary>A range of bytes of the body; empty for a member that is absent.</summary>
internal readonly record struct BodyRange(int Start, int Length)
{
    public bool Exists => Length > 0;
}

/// <summary>Places of a request body that an attempt edits, found in the one pass.</summary>
internal sealed record BodyMarks
{
    /// <summary>The value of <c>model</c>, quotes included.</summary>
    public required BodyRange Model { get; init; }

    /// <summary>Just behind the opening brace of the body, where a member can be put in.</summary>
    public required int AfterOpeningBrace { get; init; }

    /// <summary>The value of <c>stream_options</c>, when there is one.</summary>
    public BodyRange StreamOptions { get; init; }

    /// <summary>The value of <c>stream_options.include_usage</c>, when there is one.</summary>
    public BodyRange IncludeUsage { get; init; }

    /// <summary>The closing bracket of <c>messages</c>, where a message can be put in; 0 for a body without.</summary>
    public int MessagesEnd { get; init; }

    /// <summary>There is a message before that bracket, so a further one needs a comma.</summary>
    public bool HasMessages { get; init; }

    /// <summary>Members that are ours and never forwarded (<c>fallbacks</c>), each with the comma that goes with it.</summary>
    public IReadOnlyList<BodyRange> Ours { get; init; } = [];
}
