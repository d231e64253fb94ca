namespace LlmGateway.Caching.Semantic.Text;

/// <summary>Latin letters without their marks: <c>naïve</c> and <c>naive</c>, <c>Zürich</c> and <c>Zurich</c> are one word to whoever types in a hurry.</summary>
internal static class Diacritics
{
    private const string Marked = "àáâãäåāçćčèéêëēěìíîïīñńňòóôõöøōùúûüūýÿšśşžźżğłřťď";
    private const string Plain = "aaaaaaaccceeeeeeiiiiinnnooooooouuuuuyyssszzzglrtd";

    /// <summary>Of a word in lower case; the same string where there is none.</summary>
    public static string Drop(string word)
    {
        if (word.AsSpan().IndexOfAny(Marked) < 0)
        {
            return word;
        }

        return string.Create(word.Length, word, static (plain, from) =>
        {
            for (var i = 0; i < plain.Length; i++)
            {
                var at = Marked.IndexOf(from[i], StringComparison.Ordinal);
                plain[i] = at >= 0 ? Plain[at] : from[i];
            }
        });
    }
}
