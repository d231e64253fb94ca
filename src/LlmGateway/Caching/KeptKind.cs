namespace LlmGateway.Caching;

/// <summary>What the document of an entry is.</summary>
internal enum KeptKind : byte
{
    /// <summary>An answer of chat or completions, in canonical form.</summary>
    Answer = 1,

    /// <summary>The vector of one input: the JSON of its <c>embedding</c>.</summary>
    Vector = 2,
}
