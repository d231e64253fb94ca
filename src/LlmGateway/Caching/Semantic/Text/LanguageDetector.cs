using System.Collections.Frozen;

namespace LlmGateway.Caching.Semantic.Text;

/// <summary>Counts scripts; enough to keep a question in one language from being answered in another.</summary>
internal static class LanguageDetector
{
    /// <summary>What an English sentence has and English names within a Chinese one have not.</summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Grammar = new[]
    {
        "the", "is", "are", "was", "were", "do", "does", "did", "how", "what", "why", "where", "who", "which", "can", "could", "should", "would", "my", "your", "you", "i",
        "it", "this", "please", "translate", "mean", "say", "of", "to", "with", "from", "a", "an", "in", "me",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    public static Language Detect(string folded)
    {
        int han = 0, words = 0, kana = 0, others = 0, grammar = 0;
        var start = -1;
        var quoted = false;
        for (var i = 0; i <= folded.Length; i++)
        {
            var c = i < folded.Length ? folded[i] : ' ';
            // What is quoted is material, not the asker's language.
            quoted = c == '"' ? !quoted : quoted;
            var latin = !quoted && c < 0x250 && char.IsLetter(c);
            if (latin || (start >= 0 && c == '\''))
            {
                words += start < 0 ? 1 : 0;
                start = start < 0 ? i : start;
                continue;
            }

            grammar += start >= 0 && Grammar.Contains(folded.AsSpan(start, i - start)) ? 1 : 0;
            start = -1;
            han += !quoted && CharacterFolding.IsHan(c) ? 1 : 0;
            kana += !quoted && c is >= '\u3041' and <= '\u30FA' ? 1 : 0;
            others += !quoted && !CharacterFolding.IsHan(c) && char.IsLetter(c) ? 1 : 0;
        }

        if (others > han + words || kana * 4 > han)
        {
            return Language.Other;
        }

        if (han == 0)
        {
            return words == 0 ? Language.Other : Language.English;
        }

        // Chinese takes in foreign names, as many as there are; English rarely takes in characters outside quotation marks.
        return han >= words || (grammar == 0 && han > 1) ? Language.Chinese : han * 4 >= words ? Language.Mixed : Language.English;
    }
}
