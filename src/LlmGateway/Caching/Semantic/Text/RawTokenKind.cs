namespace LlmGateway.Caching.Semantic.Text;

/// <summary>What a stretch of text is, by its characters alone.</summary>
internal enum RawTokenKind : byte
{
    /// <summary>Letters, of any script that is written with spaces.</summary>
    Word,

    /// <summary>Digits with separators, as they stand: <c>1,000</c>, <c>3.10</c>.</summary>
    Number,

    /// <summary>A run of Chinese characters.</summary>
    Han,

    /// <summary>An operator or a currency sign.</summary>
    Symbol,

    /// <summary>A mark that ends or parts a sentence, or opens or closes a quotation.</summary>
    Mark,
}
