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

    public static List<Piece> Of(string folded)
    {
        var pieces = new List<Piece>();
        var first = TermTraits.First;
        var quoted = false;
        Span<char> lower = stackalloc char[64];
        var shouts = folded.AsSpan().IndexOfAnyInRange('a', 'z') < 0 && folded.AsSpan().IndexOfAnyInRange('\u4E00', '\u9FFF') < 0;
        foreach (var token in Tokeniser.Read(folded))
        {
            var text = folded.AsSpan(token.Start, token.Length);
            var traits = first | (quoted ? TermTraits.Quoted : 0) | (token.Glued ? TermTraits.Glued : 0);
            switch (token.Kind)
            {
                case RawTokenKind.Mark:
                    quoted = text[0] switch { '"' => !quoted, '\u300A' => true, '\u300B' => false, _ => quoted };
                    if (text[0] is '.' or ',' or '?' or '!' or ';' or ':' or '(' or ')' or '\n')
                    {
                        first = TermTraits.First;
                        pieces.Add(new Piece(",", RawTokenKind.Mark, traits));
                    }

                    continue;
                case RawTokenKind.Word:
                    var word = token.Length <= lower.Length ? lower[..text.ToLowerInvariant(lower)] : text.ToString().ToLowerInvariant().AsSpan();
                    if (Noise.Contains(word) && !quoted)
                    {
                        continue;
                    }

                    AddWord(pieces, word, traits | Capitals(text[..(text.IndexOf('\'') is var end and > 1 ? end : text.Length)], first != 0, shouts));
                    break;
                default:
                    pieces.Add(new Piece(text.ToString(), token.Kind, traits));
                    break;
            }

            first = 0;
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

    private static void AddWord(List<Piece> pieces, ReadOnlySpan<char> word, TermTraits traits)
    {
        var apostrophe = word.IndexOf('\'');
        if (apostrophe < 0)
        {
            Add(pieces, word, traits);
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
            Add(pieces, head, traits);
            Add(pieces, "will", 0);
        }
        else if (tail is "s" or "m" or "re" or "ve" or "d" or "")
        {
            Add(pieces, head, traits);
        }
        else
        {
            Add(pieces, string.Concat(head, tail), traits);
        }
    }

    private static void Add(List<Piece> pieces, ReadOnlySpan<char> word, TermTraits traits)
    {
        if (word.Length > 0 && (!Noise.Contains(word) || (traits & TermTraits.Quoted) != 0))
        {
            pieces.Add(new Piece(Diacritics.Drop(Stemmer.Stem(word)), RawTokenKind.Word, traits | (Auxiliaries.Contains(word) ? TermTraits.Auxiliary : 0)));
        }
    }
}
