namespace LlmGateway.Caching.Semantic.Text;

/// <summary>
/// Cuts a run of Chinese characters into the fewest words, strangers counting for more: 分解酒精 is 分解 酒精, though 解酒 is a word, too. Reading from the
/// left alone, a word that ends in the next one's first character spoils both.
/// </summary>
internal static class HanCutter
{
    private const int Word = 20;
    private const int Asking = 16;
    private const int Particle = 19;
    private const int Character = 23;
    private const int Stranger = 29;

    /// <summary>For each place of <paramref name="run"/>, how many characters the word has that the best cut of what follows begins with.</summary>
    public static void Cut(ReadOnlySpan<char> run, Lexicon lexicon, Span<byte> lengths)
    {
        Span<int> costs = run.Length < 256 ? stackalloc int[run.Length + 1] : new int[run.Length + 1];
        costs[run.Length] = 0;
        for (var at = run.Length - 1; at >= 0; at--)
        {
            var rest = run[at..];
            var (best, length) = (int.MaxValue, 1);
            var number = ChineseNumbers.Read(rest).Length;
            for (var take = Math.Min(Math.Max(1, Math.Max(number, lexicon.LongestHan(rest[0]))), rest.Length); take > 0; take--)
            {
                var cost = costs[at + take] + Cost(lexicon.Find(rest[..take]), take, take == number);
                if (cost < best && (take == 1 || take == number || lexicon.Find(rest[..take]) is not null))
                {
                    (best, length) = (cost, take);
                }
            }

            (costs[at], lengths[at]) = (best, (byte)length);
        }
    }

    private static int Cost(LexiconEntry? entry, int length, bool number) => entry switch
    {
        _ when number => Word,
        null => Stranger,
        { Kind: ConceptKind.Question } when length > 1 => Asking,
        _ when length > 1 => Word,
        { Kind: ConceptKind.Stop or ConceptKind.Case or ConceptKind.Joint or ConceptKind.Negation or ConceptKind.Question or ConceptKind.Quantifier or ConceptKind.Modal } => Particle,
        _ => Character,
    };
}
