namespace LlmGateway.Caching.Semantic.Text;

/// <summary>A word, number, run of Chinese or sign on its way to a term.</summary>
/// <param name="Text">The stem of a word; all else as it stands, in lower case.</param>
/// <param name="Kind">By its characters.</param>
/// <param name="Traits">What its spelling tells.</param>
internal readonly record struct Piece(string Text, RawTokenKind Kind, TermTraits Traits)
{
    public bool Has(TermTraits trait) => (Traits & trait) != 0;
}
