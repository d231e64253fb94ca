namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>What a sealed text is: none is taken for another.</summary>
internal enum SealPurpose : byte
{
    Entry = 1,
    Answer = 2,

    /// <summary>That an entry is confirmed. It says nothing else.</summary>
    Confirmation = 3,
}
