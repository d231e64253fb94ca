namespace LlmGateway.Caching.Semantic.Embedding.Builtin;

/// <summary>Takes the commonest English endings off, so that forms of a word meet. What is left need not be a word.</summary>
internal static class LightStem
{
    private const int Least = 3;

    public static ReadOnlySpan<char> Of(ReadOnlySpan<char> word)
    {
        if (word.Length <= Least || word.IndexOfAnyExceptInRange('a', 'z') >= 0)
        {
            return word;
        }

        word = word.EndsWith("ies") ? Cut(word, 3) : IsPlural(word) ? Cut(word, 1) : word;
        word = word.EndsWith("ing") ? Cut(word, 3) : word.EndsWith("ed") || word.EndsWith("ly") ? Cut(word, 2) : word;
        if (word.Length > Least && word[^1] == word[^2])
        {
            word = word[..^1];
        }

        return word[^1] is 'e' or 'y' ? Cut(word, 1) : word;
    }

    private static bool IsPlural(ReadOnlySpan<char> word) => word[^1] == 's' && word[^2] is not ('s' or 'u' or 'i');

    private static ReadOnlySpan<char> Cut(ReadOnlySpan<char> word, int count) => word.Length - count >= Least ? word[..^count] : word;
}
