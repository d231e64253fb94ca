using System.Collections.Frozen;

namespace LlmGateway.Caching.Semantic.Text;

/// <summary>
/// Takes away the small talk around an English question: clauses of nothing but small talk ("my boss brought this up today:"), and what leads up to a
/// question inside a clause ("my friend and I were arguing about whether"). Small talk is an open grammar: any order of words that say nothing of
/// the matter, one of which at least speaks, asks, wonders or thanks.
/// </summary>
internal static class Frames
{
    private const int LongestMatter = 2;

    private enum Talk : byte
    {
        None,
        Plain,
        Person,
        Weak,
        Strong,
    }

    private static readonly FrozenDictionary<string, Talk> Words = Read();

    private static readonly FrozenSet<string> Negations = Stems("not no never none nothing cant dont doesnt didnt couldnt wouldnt wont isnt arent wasnt");

    private static readonly FrozenSet<string> Questions = Stems("how why what when where who whom whose which whether");

    private static readonly FrozenSet<string> Pronouns = Stems("it its they them their this that these those he she him her his there one ones");

    /// <summary>Who may be asked, or ask, in a question that only leads up to another: "does anyone know how".</summary>
    private static readonly FrozenSet<string> Askers = Stems("you i anyone anybody someone somebody we");

    /// <summary>After these an "if" opens the question; after others it is a condition.</summary>
    private static readonly FrozenSet<string> BeforeIf = Stems("know wonder wondering ask sure tell see curious clear check unsure find understand say idea remember");

    public static void Strip(List<Piece> pieces)
    {
        var removed = 0;
        for (var at = 0; at < pieces.Count;)
        {
            var end = ClauseEnd(pieces, at);
            if (end > at && IsSmallTalk(pieces, at, end) && SaysMore(pieces, at, end))
            {
                pieces.RemoveRange(at, end - at);
                removed += end - at;
                end = at;
            }
            else if (end > at && LeadIn(pieces, at, end) is var length and > 0)
            {
                pieces.RemoveRange(at, length);
                end -= length;
            }

            at = end + 1;
        }

        if (removed > 0)
        {
            // The marks of what is gone are gone too.
            for (var i = pieces.Count - 1; i >= 0; i--)
            {
                if (pieces[i].Kind == RawTokenKind.Mark && (i == 0 || pieces[i - 1].Kind == RawTokenKind.Mark))
                {
                    pieces.RemoveAt(i);
                }
            }
        }
    }

    private static int ClauseEnd(List<Piece> pieces, int at)
    {
        while (at < pieces.Count && pieces[at].Kind != RawTokenKind.Mark)
        {
            at++;
        }

        return at;
    }

    private static bool IsSmallTalk(List<Piece> pieces, int from, int end)
    {
        var (strong, weak, person, negated) = (0, false, false, false);
        var (about, matters) = (false, 0);
        for (var i = from; i < end; i++)
        {
            var talk = TalkOf(pieces[i]);
            if (Questions.Contains(pieces[i].Text))
            {
                return false;
            }

            if (talk == Talk.None)
            {
                // "I was reading about space and got curious": what led to the question.
                matters += pieces[i].Kind == RawTokenKind.Word ? 1 : LongestMatter + 1;
                if (!about || matters > LongestMatter)
                {
                    return false;
                }
            }

            about |= pieces[i].Text is "about" or "on";
            strong += talk == Talk.Strong ? 1 : 0;
            weak |= talk == Talk.Weak;
            person |= talk == Talk.Person;
            negated |= Negations.Contains(pieces[i].Text);
        }

        return matters > 0 ? strong > 1 && !negated && !PointsBack(pieces, from, end) : strong > 0 || (weak && !person && !negated);
    }

    /// <summary>Whether what is asked outside the clause may mean by a pronoun what the clause names.</summary>
    private static bool PointsBack(List<Piece> pieces, int from, int end)
    {
        for (var i = 0; i < pieces.Count; i++)
        {
            if ((i < from || i >= end) && Pronouns.Contains(pieces[i].Text))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether anything outside the clause is asked for.</summary>
    private static bool SaysMore(List<Piece> pieces, int from, int end)
    {
        for (var i = 0; i < pieces.Count; i++)
        {
            if ((i < from || i >= end) && pieces[i].Kind != RawTokenKind.Mark && TalkOf(pieces[i]) == Talk.None && !Questions.Contains(pieces[i].Text))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How many pieces lead up to the question of the clause; 0 where they say something themselves.</summary>
    private static int LeadIn(List<Piece> pieces, int from, int end)
    {
        var strong = false;
        for (var i = from; i < end; i++)
        {
            var piece = pieces[i];
            var question = Questions.Contains(piece.Text);
            if (question || (piece.Text == "if" && i > from && BeforeIf.Contains(pieces[i - 1].Text)))
            {
                return strong && i > from && i + 1 < end ? i - from : 0;
            }

            if (TalkOf(piece) == Talk.None || (i == from && piece.Has(TermTraits.Auxiliary) && !(i + 1 < end && Askers.Contains(pieces[i + 1].Text))))
            {
                return 0;
            }

            strong |= TalkOf(piece) == Talk.Strong;
        }

        return 0;
    }

    private static Talk TalkOf(in Piece piece) =>
        piece.Kind == RawTokenKind.Word && !piece.Has(TermTraits.Quoted | TermTraits.AllCapitals) && Words.TryGetValue(piece.Text, out var talk) ? talk : Talk.None;

    private static FrozenSet<string> Stems(string words) => words.Split(' ').Select(static word => Stemmer.Stem(word)).ToFrozenSet();

    private static FrozenDictionary<string, Talk> Read()
    {
        var words = new Dictionary<string, Talk>();
        var kind = Talk.None;
        foreach (var line in LexiconFiles.Lines("talk.txt"))
        {
            if (line[0] == '[')
            {
                kind = Enum.Parse<Talk>(line[1..^1], ignoreCase: true);
                continue;
            }

            foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                // Later sections are the stronger ones.
                words[Stemmer.Stem(word)] = kind;
            }
        }

        return words.ToFrozenDictionary();
    }
}
