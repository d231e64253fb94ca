using System.Collections.Frozen;

namespace LlmGateway.Caching.Semantic.Text;

/// <summary>Verbs whose particle stands behind the object: <c>turn the light off</c> is <c>turn off the light</c>.</summary>
internal static class SeparableVerb
{
    private const int FarthestParticle = 4;

    private static readonly FrozenSet<string> Particles = new[] { "up", "down", "off", "on", "out", "back", "away", "over", "in", "apart", "together" }.ToFrozenSet();

    /// <summary>Verbs that say little without their object, which may stand far: <c>make it faster</c>, <c>take a quick nap</c>.</summary>
    private static readonly FrozenSet<string> Light = new[] { "make", "keep", "get", "have", "give", "take", "do" }.Select(static word => Stemmer.Stem(word)).ToFrozenSet();

    /// <summary>The phrase that the verb at <paramref name="at"/> makes with a particle further on, and where that stands; null for none.</summary>
    public static (LexiconEntry? Verb, int Particle) Find(Lexicon lexicon, List<Piece> pieces, int at)
    {
        var verb = pieces[at].Text;
        if (lexicon.LongestPhrase(verb) < 2 || pieces[at].Has(TermTraits.Quoted | TermTraits.Capital | TermTraits.AllCapitals))
        {
            return (null, 0);
        }

        Span<char> key = stackalloc char[64];
        for (var i = at + 1; i < pieces.Count && i <= at + FarthestParticle && pieces[i].Kind is RawTokenKind.Word or RawTokenKind.Number; i++)
        {
            var text = pieces[i].Text;
            if (i > at + 1 && Light.Contains(verb) && verb.Length + text.Length + 1 <= key.Length && Joined(lexicon, key, verb, text) is { } light)
            {
                return (light, i);
            }

            if (Particles.Contains(text))
            {
                if (i == at + 1 || verb.Length + text.Length + 1 > key.Length || !Closes(lexicon, pieces, i + 1))
                {
                    return (null, 0);
                }

                return Joined(lexicon, key, verb, text) is { } phrase ? (phrase, i) : (null, 0);
            }

            if (lexicon.Find(text) is { Kind: ConceptKind.Case or ConceptKind.Joint or ConceptKind.Question or ConceptKind.Negation })
            {
                return (null, 0);
            }
        }

        return (null, 0);
    }

    private static LexiconEntry? Joined(Lexicon lexicon, Span<char> key, string verb, string text)
    {
        verb.CopyTo(key);
        key[verb.Length] = ' ';
        text.CopyTo(key[(verb.Length + 1)..]);
        return lexicon.Find(key[..(verb.Length + 1 + text.Length)]) is { Kind: ConceptKind.Content or ConceptKind.Light or ConceptKind.Time, Parts: null } phrase ? phrase : null;
    }

    /// <summary>A particle is followed by nothing that could be its own object: "turn right on the bridge" is another thing.</summary>
    private static bool Closes(Lexicon lexicon, List<Piece> pieces, int after) =>
        after >= pieces.Count || pieces[after].Kind is RawTokenKind.Mark || (lexicon.Find(pieces[after].Text) is
        {
            Kind: ConceptKind.Case or ConceptKind.Joint or ConceptKind.Question or ConceptKind.Negation or ConceptKind.Modal or ConceptKind.Time
        } && pieces[after].Kind == RawTokenKind.Word) || pieces[after].Text is "if" or "becaus" or "so" or "while" or "automat" or "again";
}
