namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>What has become of an entry.</summary>
internal enum ChangeKind
{
    /// <summary>It was learned.</summary>
    Add,

    /// <summary>A provider's answer to somebody else has agreed with it.</summary>
    Confirm,

    /// <summary>There is another answer under its key.</summary>
    Answer,

    /// <summary>Its answer is not here any more; another node may have it.</summary>
    Gone,

    /// <summary>It had to go for others, or has expired.</summary>
    Evict,

    /// <summary>It was said to be wrong: nobody may serve it.</summary>
    Remove,
}
