namespace LlmGateway.Caching.Semantic.Text;

/// <summary>The word lists, ready to be asked: by stems for what is written with spaces, by characters for Chinese.</summary>
internal sealed class Lexicon
{
    private static readonly Lazy<Lexicon> Loaded = new(static () => LexiconReader.Read(LexiconFiles.Groups));

    private readonly Dictionary<string, LexiconEntry>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _phraseLengths;
    private readonly Dictionary<char, int> _hanLengths;

    public Lexicon(Dictionary<string, LexiconEntry> entries)
    {
        var phrases = new Dictionary<string, int>();
        var han = new Dictionary<char, int>();
        foreach (var key in entries.Keys)
        {
            if (CharacterFolding.IsHan(key[0]))
            {
                han[key[0]] = Math.Max(key.Length, han.GetValueOrDefault(key[0]));
            }
            else
            {
                var space = key.IndexOf(' ', StringComparison.Ordinal);
                var first = space < 0 ? key : key[..space];
                phrases[first] = Math.Max(key.AsSpan().Count(' ') + 1, phrases.GetValueOrDefault(first));
            }
        }

        Count = entries.Count;
        _bySpan = entries.GetAlternateLookup<ReadOnlySpan<char>>();
        _phraseLengths = phrases.GetAlternateLookup<ReadOnlySpan<char>>();
        _hanLengths = han;
    }

    /// <summary>Read once: it takes some tens of milliseconds.</summary>
    public static Lexicon Default => Loaded.Value;

    public int Count { get; }

    public LexiconEntry? Find(ReadOnlySpan<char> key) => _bySpan.TryGetValue(key, out var entry) ? entry : null;

    /// <summary>The most words that a phrase beginning with this stem has; 0 for a stranger.</summary>
    public int LongestPhrase(ReadOnlySpan<char> first) => _phraseLengths.TryGetValue(first, out var length) ? length : 0;

    /// <summary>The most characters that a Chinese word beginning with this one has; 0 for a stranger.</summary>
    public int LongestHan(char first) => _hanLengths.TryGetValue(first, out var length) ? length : 0;
}
