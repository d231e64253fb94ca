namespace LlmGateway.Caching.Semantic.Index;

/// <summary>Compares a block of eight sketches with one. As static members of a type, so that a scan is compiled for each of them.</summary>
internal interface ISketchKernel
{
    /// <summary>Whether any of the eight differs in fewer than <paramref name="bound"/> bits; if so, in how many each differs.</summary>
    /// <param name="block">The first words of all eight, then their second words, and so on.</param>
    static abstract bool AnyBelow(ref readonly ulong block, ReadOnlySpan<ulong> query, ulong bound, Span<ulong> distances);
}
