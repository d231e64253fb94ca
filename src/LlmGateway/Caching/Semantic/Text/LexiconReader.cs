using System.Runtime.InteropServices;

namespace LlmGateway.Caching.Semantic.Text;

/// <summary>
/// Reads the word lists. A line is a group of words with one meaning (<c>delete, erase, 删除</c>), a pair of such groups that are opposites
/// (<c>enable, turn on | disable, turn off</c>), or words that stand for several others (<c>author = who write</c>). <c>name: a, b</c> names a
/// group that code asks for, and <c>each: a, b</c> makes every word a group of its own.
/// <c>{a/b} c</c> is short for <c>a c, b c</c>. <c>[kind]</c> begins a section, <c>;</c> a comment.
/// </summary>
internal sealed class LexiconReader
{
    /// <summary>More than the lists have, so that no table grows while they are read.</summary>
    private const int MostWords = 60_000;

    private readonly Dictionary<string, (ConceptKind Kind, Concept[] Senses)> _words = new(MostWords);
    private readonly List<(string Word, string StandsFor)> _rewrites = [];
    private int _axes;

    public static Lexicon Read(IEnumerable<string> files)
    {
        var reader = new LexiconReader();
        foreach (var file in files)
        {
            var kind = ConceptKind.Content;
            foreach (var line in LexiconFiles.Lines(file))
            {
                if (line[0] == '[')
                {
                    kind = Enum.Parse<ConceptKind>(line[1..^1], ignoreCase: true);
                }
                else
                {
                    reader.Add(line, kind);
                }
            }
        }

        return reader.Finish();
    }

    private void Add(string line, ConceptKind kind)
    {
        if (line.IndexOf('=', StringComparison.Ordinal) is var equals and > 0)
        {
            foreach (var word in Words(line[..equals]))
            {
                _rewrites.Add((word, line[(equals + 1)..].Trim()));
            }

            return;
        }

        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && line.AsSpan(0, colon) is "each")
        {
            foreach (var word in Words(line[(colon + 1)..]))
            {
                Add(word, new Concept(word, kind), kind);
            }

            return;
        }

        var poles = line[(colon + 1)..].Split('|');
        var axis = poles.Length > 1 ? ++_axes : 0;
        for (var pole = 0; pole < poles.Length; pole++)
        {
            var words = Words(poles[pole]);
            var concept = kind == ConceptKind.UnitAfterNumber && _words.TryGetValue(Key(words[0]), out var unit) ? unit.Senses[0] : new Concept(colon > 0 ? line[..colon].Trim() : words[0], kind, axis, pole);
            foreach (var word in words)
            {
                Add(word, concept, kind);
            }
        }
    }

    private void Add(string word, Concept concept, ConceptKind kind)
    {
        var key = Key(word);
        if (key.Length == 0)
        {
            return;
        }

        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_words, key, out var exists);
        if (!exists)
        {
            known = (kind, [concept]);
            return;
        }

        // A word of grammar stays one: "may" is not also a month.
        var grammar = known.Kind is ConceptKind.Stop or ConceptKind.Case or ConceptKind.Joint or ConceptKind.Question or ConceptKind.Request or ConceptKind.Negation
            or ConceptKind.Quantifier;
        if (!grammar && Array.IndexOf(known.Senses, concept) < 0)
        {
            known.Senses = [.. known.Senses, concept];
        }
    }

    private Lexicon Finish()
    {
        var entries = new Dictionary<string, LexiconEntry>(_words.Count + _rewrites.Count);
        foreach (var (key, (kind, senses)) in _words)
        {
            entries[key] = new LexiconEntry(kind, senses, key.Contains(' ', StringComparison.Ordinal) ? key : null);
        }

        foreach (var (word, standsFor) in _rewrites)
        {
            var key = Key(word);
            if (key.Length == 0)
            {
                continue;
            }

            var parts = standsFor.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => Part(part, entries)).ToArray();
            entries[key] = parts is [{ Entry: { } only }] ? only : new LexiconEntry(ConceptKind.Content, [], Parts: parts);
        }

        return new Lexicon(entries);
    }

    private static (string Text, LexiconEntry? Entry) Part(string part, Dictionary<string, LexiconEntry> entries)
    {
        var key = Key(part.Replace('_', ' '));
        return (key, entries.GetValueOrDefault(key));
    }

    private static string[] Words(string list)
    {
        var words = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return list.Contains('{', StringComparison.Ordinal) ? [.. words.SelectMany(Expand)] : words;
    }

    /// <summary><c>{can/could} you {tell/show} me</c> is four phrases.</summary>
    private static IEnumerable<string> Expand(string word)
    {
        var open = word.IndexOf('{', StringComparison.Ordinal);
        if (open < 0)
        {
            return [word];
        }

        var close = word.IndexOf('}', open);
        return word[(open + 1)..close].Split('/').SelectMany(choice => Expand(word[..open] + choice + word[(close + 1)..]));
    }

    private static bool IsPlain(string word)
    {
        foreach (var c in word)
        {
            if (c is not (>= 'a' and <= 'z' or ' '))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>As texts are looked up: stems without noise words, parted by single spaces.</summary>
    private static string Key(string word)
    {
        // Most words are Chinese and are looked up as they stand.
        if (word.AsSpan().IndexOfAnyExceptInRange('\u4E00', '\u9FFF') < 0)
        {
            return word;
        }

        var key = IsPlain(word) ? Pieces.StemsOf(word) : null;
        key ??= string.Join(' ', Pieces.Of(TextNormaliser.Fold(word)).Select(static piece => piece.Text));

        // Of "a day" the noise words leave "day", which is another thing.
        return word.Contains(' ', StringComparison.Ordinal) && !key.Contains(' ', StringComparison.Ordinal) ? "" : key;
    }
}
