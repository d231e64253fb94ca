namespace LlmGateway.Caching.Semantic.Text;

/// <summary>Stems of English words that are met, whether or not a list of meanings has them: what tells a slip of the pen from a word.</summary>
internal static class CommonWords
{
    private static readonly HashSet<string> Stems = LexiconFiles.Lines("words-en.txt")
        .SelectMany(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(static word => Stemmer.Stem(word)).ToHashSet();

    public static bool Has(string stem) => Stems.Contains(stem);
}
