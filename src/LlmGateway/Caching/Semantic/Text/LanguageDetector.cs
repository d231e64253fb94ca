namespace LlmGateway.Caching.Semantic.Text;

/// <summary>Counts scripts; enough to keep a question in one language from being answered in another.</summary>
internal static class LanguageDetector
{
    public static Language Detect(string folded)
    {
        int han = 0, words = 0, others = 0;
        var inWord = false;
        var quoted = false;
        foreach (var c in folded)
        {
            // What is quoted is material, not the asker's language.
            quoted = c == '"' ? !quoted : quoted;
            if (quoted)
            {
                inWord = false;
                continue;
            }

            var latin = c < 0x250 && char.IsLetter(c);
            words += latin && !inWord ? 1 : 0;
            inWord = latin || (inWord && c == '\'');
            if (CharacterFolding.IsHan(c))
            {
                han++;
            }
            else if (!latin && char.IsLetter(c))
            {
                others++;
            }
        }

        if (others > han + words)
        {
            return Language.Other;
        }

        // Chinese takes in foreign names; English rarely takes in characters outside quotation marks.
        return han == 0 ? (words == 0 ? Language.Other : Language.English) : han >= words ? Language.Chinese : han * 4 >= words ? Language.Mixed : Language.English;
    }
}
