namespace LlmGateway.Caching.Semantic.Text;

/// <summary>
/// Names and their first letters: <c>IQ</c> is <c>intelligence quotient</c> because the letters say so, whether or not a list has the two.
/// </summary>
internal static class Initialism
{
    private const int Fewest = 2;

    private const int Most = 7;

    /// <summary>Whether the word can be the first letters of others: capitals only, or a stranger in small letters.</summary>
    public static bool IsOne(in Term term) =>
        !term.IsHan && !term.IsNumber && term.Kind == ConceptKind.Content && term.Text.Length is >= Fewest and <= Most && !term.Text.AsSpan().ContainsAnyExceptInRange('a', 'z')
        && (term.Has(TermTraits.AllCapitals) || (term.Text.Length > Fewest && !term.IsKnown && !CommonWords.Has(term.Text)));

    /// <summary>Where in <paramref name="terms"/> words stand that begin with these letters, one after the other, small words between them or not.</summary>
    public static (int From, int End) Find(string letters, Term[] terms)
    {
        for (var from = 0; from < terms.Length; from++)
        {
            if (Begins(terms[from], letters[0]) && End(letters, terms, from) is var end and > 0 && end - from > 0)
            {
                return (from, end);
            }
        }

        return (0, 0);
    }

    private static int End(string letters, Term[] terms, int from)
    {
        var at = 0;
        for (var i = from; i < terms.Length; i++)
        {
            ref readonly var term = ref terms[i];
            if (term.IsHan || term.IsNumber || term.Text == ",")
            {
                return 0;
            }

            if (term.Phrase is { } phrase)
            {
                foreach (var word in phrase.AsSpan().Split(' '))
                {
                    if (at < letters.Length && phrase[word.Start.Value] == letters[at])
                    {
                        at++;
                    }
                    else if (phrase.AsSpan(word).Length > 3)
                    {
                        return 0;
                    }
                }
            }
            else if (Begins(term, letters[at]) && term.Text != letters)
            {
                at++;
            }
            else if (term.Kind is not (ConceptKind.Case or ConceptKind.Joint or ConceptKind.Stop))
            {
                return 0;
            }

            if (at == letters.Length)
            {
                return i + 1;
            }
        }

        return 0;
    }

    private static bool Begins(in Term term, char letter) => !term.IsHan && !term.IsNumber && (term.Phrase ?? term.Text)[0] == letter;
}
