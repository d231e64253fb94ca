using LlmGateway.Caching.Semantic.Embedding;
using LlmGateway.Caching.Semantic.Guards;
using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic;

/// <summary>
/// Compares answers without a model: equal texts are right, texts that are alike are right unless their numbers or negations contradict, texts that have
/// little in common are wrong. What lies between nobody can tell so. It is for answers that are short or fixed in their form; free prose needs a judge.
/// </summary>
internal static class AnswerLikeness
{
    /// <summary>Goes up when a comparison may come out otherwise.</summary>
    public const string Version = "1";

    /// <summary>Of an answer this much is compared.</summary>
    public const int MostCharacters = 2048;

    private const double Alike = 0.9;
    private const double Unlike = 0.5;

    private static readonly IGuard[] Contradictions = [new NumbersGuard(), new UnitsGuard(), new NegationGuard(), new PolarityGuard()];

    public static async ValueTask<bool?> SameAsync(string one, string other, IEmbedder embedder, EmbeddingContext context, CancellationToken cancellation)
    {
        if (Normalised(one) == Normalised(other))
        {
            return true;
        }

        (one, other) = (Head(one), Head(other));
        var (a, b) = (await embedder.EmbedAsync(one, context, cancellation), await embedder.EmbedAsync(other, context, cancellation));
        if (!a.HasVector || !b.HasVector)
        {
            return null;
        }

        var cosine = UnitVector.Cosine(a.Vector.Span, b.Vector.Span);
        return cosine >= Alike ? !Contradict(TextFacts.Of(one), TextFacts.Of(other)) : cosine < Unlike ? false : null;
    }

    private static string Normalised(string text) => TextNormaliser.ForEquality(TextNormaliser.Fold(text));

    private static string Head(string text)
    {
        if (text.Length <= MostCharacters)
        {
            return text;
        }

        // Not through the middle of a character.
        return text[..(char.IsHighSurrogate(text[MostCharacters - 1]) ? MostCharacters - 1 : MostCharacters)];
    }

    private static bool Contradict(TextFacts one, TextFacts other)
    {
        foreach (var guard in Contradictions)
        {
            if (!guard.Allows(one, other))
            {
                return true;
            }
        }

        return false;
    }
}
