namespace LlmGateway.Caching.Semantic.Text;

/// <summary>
/// Traditional characters as simplified ones, so that the same question in either script is one. Which of them an answer is written in is taken to matter
/// less than the answer, unless the text speaks of scripts itself.
/// </summary>
internal static class TraditionalCharacters
{
    private const char First = '\u4E00';
    private const char Last = '\u9FFF';

    /// <summary>What is written for 著 where it is no particle: 著名, 名著.</summary>
    private const string BeforeBook = "名原专显巨卓论编合所拙译土执昭";

    private const string AfterBook = "名作称录书述者论录";

    private static readonly char[] Simplified = Read();

    /// <summary>The folded text in simplified characters; itself where it has no others, or is about scripts. A single character in quotation marks is spoken of and stays.</summary>
    public static string Simplify(string folded)
    {
        var at = Next(folded, 0);
        if (at < 0 || IsAboutScripts(folded))
        {
            return folded;
        }

        var text = folded.ToCharArray();
        for (; at >= 0; at = Next(folded, at + 1))
        {
            var alone = at > 0 && at + 1 < text.Length && text[at - 1] == '"' && text[at + 1] == '"';
            text[at] = alone ? text[at] : Simplified[text[at] - First];
        }

        for (var i = 0; i < text.Length; i++)
        {
            text[i] = text[i] switch
            {
                '著' when !Touches(text, i - 1, BeforeBook) && !Touches(text, i + 1, AfterBook) => '着',
                '乾' when !Touches(text, i + 1, "隆坤") => '干',
                var c => c,
            };
        }

        return new string(text);
    }

    private static bool Touches(char[] text, int at, string characters) => at >= 0 && at < text.Length && characters.Contains(text[at], StringComparison.Ordinal);

    private static bool IsAboutScripts(string text) =>
        text.Contains("繁體", StringComparison.Ordinal) || text.Contains("繁体", StringComparison.Ordinal) || text.Contains("簡體", StringComparison.Ordinal)
        || text.Contains("简体", StringComparison.Ordinal) || text.Contains("簡化字", StringComparison.Ordinal) || text.Contains("简化字", StringComparison.Ordinal);

    private static int Next(string text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            if (text[i] is >= First and <= Last && Simplified[text[i] - First] != text[i])
            {
                return i;
            }
        }

        return -1;
    }

    private static char[] Read()
    {
        var table = new char[Last - First + 1];
        for (var i = 0; i < table.Length; i++)
        {
            table[i] = (char)(First + i);
        }

        foreach (var line in LexiconFiles.Lines("traditional.txt"))
        {
            foreach (var group in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                foreach (var traditional in group.AsSpan(1))
                {
                    table[traditional - First] = group[0];
                }
            }
        }

        return table;
    }
}
