namespace LlmGateway.Protocols.OpenAI.Answers;

/// <summary>What the pieces of a member have been so far.</summary>
internal enum PartKind
{
    /// <summary>Nothing but null.</summary>
    Null,

    /// <summary>Strings, which are joined.</summary>
    Text,

    /// <summary>Arrays, whose elements are joined.</summary>
    Items,

    /// <summary>Objects, numbers, booleans: the last one counts.</summary>
    Other,
}
