namespace LlmGateway.Caching.Semantic.Text;

/// <summary>A stretch of the folded text.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="Length">Characters.</param>
/// <param name="Kind">By its characters.</param>
/// <param name="Glued">Whether it stands directly at the one before, as <c>15</c> does in <c>iPhone15</c>.</param>
internal readonly record struct RawToken(int Start, int Length, RawTokenKind Kind, bool Glued)
{
    public int End => Start + Length;
}
