namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>A piece of a tool call.</summary>
internal readonly ref struct ToolFragment
{
    /// <summary>Which call of the answer; null where the provider does not count them.</summary>
    public int? Index { get; init; }

    /// <summary>Null or empty where it has been said before, or not at all.</summary>
    public string? Id { get; init; }

    /// <summary>The same of the name.</summary>
    public string? Name { get; init; }

    public ReadOnlySpan<byte> Arguments { get; init; }

    /// <summary>A whole call, as it stands in an answer that is no stream.</summary>
    public bool IsWhole { get; init; }
}
