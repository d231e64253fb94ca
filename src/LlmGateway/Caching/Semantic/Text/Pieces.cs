using System.Collections.Frozen;

namespace LlmGateway.Caching.Semantic.Text;

/// <summary>From folded text to pieces: contractions opened, words stemmed, noise words (articles, politeness) left out.</summary>
internal static class Pieces
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Noise =
        LexiconFiles.Lines("noise.txt").SelectMany(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToFrozenSet().GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Auxiliaries = new[]
    {
        "is", "are", "am", "was", "were", "do", "does", "did", "can", "could", "will", "would", "shall", "should", "may", "might", "must", "has", "have", "had",
    }.ToFrozenSet().GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenDictionary<string, string[]>.AlternateLookup<ReadOnlySpan<char>> ShortForms =
        LexiconFiles.Pairs("short-forms.txt").ToFrozenDictionary(static pair => pair.Key, static pair => pair.Value.Split(' ')).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>After these a full stop ends no sentence.</summary>
    private static readonly FrozenSet<string> Abbreviations =
        new[] { "st", "dr", "doctor", "mr", "mrs", "ms", "prof", "vs", "versus", "approximate", "jr", "sr", "mt", "ft", "gen", "sen", "rep", "gov", "capt", "sgt", "univ", "dept", "no", "fig", "vol", "ed", "maximum", "minimum", "average", "approximately", "etc", "inc", "ltd", "co", "corp", "jan", "feb", "aug", "sept", "oct", "nov", "dec", "temperature", "department", "number", "ave", "apt", "incl", "min", "tel", "est" }
            .Select(static word => Stemmer.Stem(word)).ToFrozenSet();

    /// <summary>Words in small ASCII letters as a text of them would have them, parted by spaces: the short way that most of the lists go.</summary>
    public static string? StemsOf(string words)
    {
        var stems = new ValueText(words.Length + 8);
        foreach (var range in words.AsSpan().Split(' '))
        {
            var word = words.AsSpan(range);
            if (ShortForms.ContainsKey(word))
            {
                stems.Finish();
                return null;
            }

            if (word.Length > 0 && !Noise.Contains(word))
            {
                if (stems.Length > 0)
                {
                    stems.Append(' ');
                }

                stems.Append(Stemmer.Stem(word));
            }
        }

        return stems.Finish();
    }

    public static List<Piece> Of(string folded, bool whole = false)
    {
        var pieces = new List<Piece>();
        var first = TermTraits.First;
        var (quoted, single, elided) = (false, false, false);
        Span<char> lower = stackalloc char[64];
        var shouts = folded.AsSpan().IndexOfAnyInRange('a', 'z') < 0 && folded.AsSpan().IndexOfAnyInRange('\u4E00', '\u9FFF') < 0;
        foreach (var token in Tokeniser.Read(folded))
        {
            var text = folded.AsSpan(token.Start, token.Length);
            var traits = first | (quoted ? TermTraits.Quoted : 0) | (token.Glued ? TermTraits.Glued : 0);
            switch (token.Kind)
            {
                case RawTokenKind.Mark:
                    var wasQuoted = quoted;
                    quoted = text[0] switch { '"' => !quoted, '\u300A' => true, '\u300B' => false, '\'' => quoted ? !single : Opens(folded, token), _ => quoted };
                    if (text[0] is '\'' or '"' && token.Glued && pieces.Count > 0 && pieces[^1].Kind == RawTokenKind.Number && !wasQuoted)
                    {
                        // 6'2": feet and inches.
                        quoted = false;
                        pieces.Add(new Piece(text[0] == '"' ? "inch" : "foot", RawTokenKind.Word, TermTraits.Glued));
                        continue;
                    }

                    single = text[0] == '\'' && quoted;
                    elided = text[0] == '\'' && !quoted && !token.Glued;
                    if (text[0] == '.' && pieces.Count > 0 && token.Glued && Abbreviations.Contains(pieces[^1].Text) && !AtEnd(folded, token))
                    {
                        continue;
                    }

                    if (text[0] is '.' or ',' or '?' or '!' or ';' or ':' or '(' or ')' or '\n')
                    {
                        first = TermTraits.First;
                        pieces.Add(new Piece(text[0] == ':' ? ":" : ",", RawTokenKind.Mark, traits));
                    }

                    continue;
                case RawTokenKind.Word:
                    var word = token.Length <= lower.Length ? lower[..text.ToLowerInvariant(lower)] : text.ToString().ToLowerInvariant().AsSpan();
                    if (word.ContainsAnyExceptInRange('\0', '\x7F'))
                    {
                        word = Diacritics.Drop(word.ToString());
                    }

                    word = elided ? Elided(word) : word is "x" && IsFactor(folded, token, pieces) ? "times" : word;
                    if (Noise.Contains(word) && !(quoted && IsAloneInQuotes(folded, token)) && (shouts || !IsLetter(text, folded, first)))
                    {
                        continue;
                    }

                    AddWord(pieces, word, traits | Capitals(text[..(text.IndexOf('\'') is var end and > 1 ? end : text.Length)], first != 0, shouts));
                    break;
                case RawTokenKind.Symbol when text[0] == '-' && IsDash(folded, token):
                    first = TermTraits.First;
                    pieces.Add(new Piece(",", RawTokenKind.Mark, traits));
                    continue;
                case RawTokenKind.Symbol when text[0] is '&' or '+' or '*':
                    pieces.Add(new Piece(text[0] switch { '&' => "and", '+' => "plus", _ => "times" }, RawTokenKind.Word, traits));
                    break;
                default:
                    pieces.Add(new Piece(text.ToString(), token.Kind, traits));
                    break;
            }

            (first, elided) = (0, false);
        }

        if (whole)
        {
            Frames.Strip(pieces);
        }

        return pieces;
    }

    private static TermTraits Capitals(ReadOnlySpan<char> text, bool first, bool shouts)
    {
        if (!char.IsUpper(text[0]))
        {
            return text.IndexOfAnyInRange('A', 'Z') > 0 ? TermTraits.Capital : 0;
        }

        var all = !shouts && text.Length > 1 && text.IndexOfAnyInRange('a', 'z') < 0;
        return (first && !all ? 0 : TermTraits.Capital) | (all ? TermTraits.AllCapitals : 0);
    }

    private static bool AtEnd(string folded, RawToken token) => folded.AsSpan(token.End).Trim().IsEmpty;

    /// <summary>An article that is all that is quoted is meant; in the title of a book it is none.</summary>
    private static bool IsAloneInQuotes(string folded, RawToken token) =>
        token.Start > 0 && folded[token.Start - 1] is '"' or '\'' && token.End < folded.Length && folded[token.End] is '"' or '\'';

    /// <summary>A is a name where no sentence begins, or where B is one, too.</summary>
    private static bool IsLetter(ReadOnlySpan<char> text, string folded, TermTraits first) => text is "A" && (first == 0 || folded.Contains(" B ", StringComparison.Ordinal));

    /// <summary>A single quotation mark that another closes; else it stands for letters left out.</summary>
    private static bool Opens(string folded, RawToken token)
    {
        if (token.Glued || token.End >= folded.Length || !char.IsLetterOrDigit(folded[token.End]))
        {
            return false;
        }

        for (var i = token.End + 1; i < folded.Length; i++)
        {
            if (folded[i] == '\'' && (i + 1 == folded.Length || !char.IsLetterOrDigit(folded[i + 1])))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>2 x 3.</summary>
    private static bool IsFactor(string folded, RawToken token, List<Piece> pieces) =>
        pieces.Count > 0 && pieces[^1].Kind == RawTokenKind.Number && folded.AsSpan(token.End).TrimStart() is { Length: > 0 } after && char.IsAsciiDigit(after[0]);

    /// <summary>Between words a dash parts; beside a digit it is a minus or a range.</summary>
    private static bool IsDash(string folded, RawToken token)
    {
        var before = folded.AsSpan(0, token.Start).TrimEnd();
        var after = folded.AsSpan(token.End).TrimStart();
        return before.Length > 0 && after.Length > 0 && token.End < folded.Length && folded[token.End] == ' ' && !char.IsAsciiDigit(before[^1]) && !char.IsAsciiDigit(after[0]);
    }

    /// <summary>'cause and 'em have lost their beginnings, which the apostrophe stands for.</summary>
    private static ReadOnlySpan<char> Elided(ReadOnlySpan<char> word) => word switch
    {
        "cause" or "cuz" => "because",
        "em" => "them",
        "til" => "until",
        "bout" => "about",
        "round" => "around",
        "tis" => "it's",
        _ => word,
    };

    private static void AddWord(List<Piece> pieces, ReadOnlySpan<char> word, TermTraits traits)
    {
        var apostrophe = word.IndexOf('\'');
        if (apostrophe < 0)
        {
            AddPlain(pieces, word, traits);
            return;
        }

        var head = word[..apostrophe];
        var tail = word[(apostrophe + 1)..];
        if (tail is "t" && head.EndsWith("n"))
        {
            Add(pieces, head switch { "ca" or "can" => "can", "wo" or "won" => "will", "sha" => "shall", _ => head[..^1] }, traits);
            Add(pieces, "not", 0);
        }
        else if (tail is "ll")
        {
            AddPlain(pieces, head, traits);
            Add(pieces, "will", 0);
        }
        else if (tail is "s" or "m" or "re" or "ve" or "d" or "")
        {
            AddPlain(pieces, head, traits);
            if (tail is "re" || (tail is "s" && head is "what" or "who" or "where" or "when" or "why" or "how" or "that" or "there" or "here" or "it"))
            {
                Add(pieces, "is", 0);
            }

        }
        else
        {
            AddPlain(pieces, string.Concat(head, tail), traits);
        }
    }

    private static void AddPlain(List<Piece> pieces, ReadOnlySpan<char> word, TermTraits traits)
    {
        // In capitals it is a name: BC is no "because".
        if ((traits & TermTraits.Quoted) != 0 || ((traits & TermTraits.AllCapitals) != 0 && word is "bc" or "em" or "ur" or "im" or "sb" or "ya" or "ty" or "max" or "var" or "dir" or "temp") || !ShortForms.TryGetValue(word, out var words))
        {
            Add(pieces, word, traits);
            return;
        }

        foreach (var each in words)
        {
            Add(pieces, each, traits);
            traits &= ~TermTraits.First;
        }
    }

    private static void Add(List<Piece> pieces, ReadOnlySpan<char> word, TermTraits traits)
    {
        if (word.Length > 0 && (!Noise.Contains(word) || (traits & TermTraits.Quoted) != 0 || word is "a"))
        {
            pieces.Add(new Piece(Stemmer.Stem(word), RawTokenKind.Word, traits | (Auxiliaries.Contains(word) ? TermTraits.Auxiliary : 0)));
        }
    }
}
