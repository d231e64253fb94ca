using System.Collections.Frozen;

namespace LlmGateway.Caching.Semantic.Text;

/// <summary>The word lists that travel in the assembly.</summary>
internal static class LexiconFiles
{
    /// <summary>
    /// In this order: the first list that knows a word says what part it plays in a sentence, later ones may only add meanings.
    /// </summary>
    public static readonly string[] Groups =
    [
        "structure.txt", "questions.txt", "requests.txt", "quantity.txt", "languages.txt", "units.txt", "time.txt", "implied-zh.txt",
        "antonyms-en.txt", "antonyms-zh.txt", "synonyms-en.txt", "synonyms-zh.txt", "names.txt", "light.txt", "vocabulary-zh.txt", "vocabulary-en.txt", "wordnet-en.txt",
    ];

    /// <summary>Lines without comments and without what is blank.</summary>
    public static IEnumerable<string> Lines(string file)
    {
        using var stream = typeof(LexiconFiles).Assembly.GetManifestResourceStream($"LlmGateway.Caching.Semantic.Text.Lexicon.{file}")
            ?? throw new InvalidOperationException($"The word list {file} is not in the assembly.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            var text = line.Trim();
            if (text.Length > 0 && text[0] != ';')
            {
                yield return text;
            }
        }
    }

    /// <summary>Of a list whose lines are <c>word other other … = stands for</c>.</summary>
    public static FrozenDictionary<string, string> Pairs(string file)
    {
        var pairs = new Dictionary<string, string>();
        foreach (var line in Lines(file))
        {
            var parts = line.Split('=', StringSplitOptions.TrimEntries);
            foreach (var word in parts[0].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                pairs[word] = parts[1];
            }
        }

        return pairs.ToFrozenDictionary();
    }
}
