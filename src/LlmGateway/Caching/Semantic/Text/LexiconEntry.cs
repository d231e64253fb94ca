namespace LlmGateway.Caching.Semantic.Text;

/// <summary>What a word or phrase of the lists stands for.</summary>
/// <param name="Kind">The part it plays.</param>
/// <param name="Senses">Each a meaning it may have; of two words that share one it is assumed.</param>
/// <param name="Phrase">Its stems, where they are several.</param>
/// <param name="Parts">Where one word stands for several (<c>author</c> for <c>who wrote</c>): those, in place of itself.</param>
internal sealed record LexiconEntry(ConceptKind Kind, Concept[] Senses, string? Phrase = null, (string Text, LexiconEntry? Entry)[]? Parts = null);
