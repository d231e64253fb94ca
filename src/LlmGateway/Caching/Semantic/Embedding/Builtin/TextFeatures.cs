namespace LlmGateway.Caching.Semantic.Embedding.Builtin;

/// <summary>
/// What a text is compared by: words, pairs of words and pieces of words; where no spaces part them, one to three characters in a row.
/// </summary>
internal static class TextFeatures
{
    private const int Words = 1;
    private const int WordPairs = 2;
    private const int Pieces = 3;
    private const int Characters = 4;

    private const float OfNumber = 1.3f;
    private const float OfPair = 0.5f;
    private const float OfPieces = 0.9f;
    private const int ShortestPiece = 3;
    private const int LongestPiece = 5;
    private const int LongestWord = 40;

    /// <summary>That a text of so many characters comes to at most.</summary>
    public static int Most(int characters) => (4 * characters) + 8;

    /// <param name="folded">See <see cref="TextFold"/>.</param>
    public static void Add(ReadOnlySpan<char> folded, ref FeatureSum features)
    {
        var (before, weightBefore) = (0UL, 0f);
        for (var i = 0; i < folded.Length;)
        {
            var kind = TextFold.KindOf(folded[i]);
            var from = i++;
            while (i < folded.Length && (TextFold.KindOf(folded[i]) == kind || (kind is CharKind.Spaced && IsPartOfWord(folded, i))))
            {
                i++;
            }

            switch (kind)
            {
                case CharKind.Spaced:
                    AddWord(folded[from..i], ref before, ref weightBefore, ref features);
                    break;
                case CharKind.Unspaced:
                    AddRun(folded[from..i], ref features);
                    weightBefore = 0;
                    break;
            }
        }
    }

    /// <summary>C++ and C# are not C, and 3.5 is not 3 and 5.</summary>
    private static bool IsPartOfWord(ReadOnlySpan<char> folded, int at) =>
        folded[at] is '+' or '#' ||
        (folded[at] == '.' && char.IsAsciiDigit(folded[at - 1]) && at + 1 < folded.Length && char.IsAsciiDigit(folded[at + 1]));

    private static void AddWord(ReadOnlySpan<char> word, ref ulong before, ref float weightBefore, ref FeatureSum features)
    {
        var weight = FunctionWords.WeightOf(word);
        var stem = LightStem.Of(word);
        var hash = FeatureSum.Hash(stem, Words);
        var isNumber = char.IsAsciiDigit(word[0]);
        features.Add(hash, isNumber ? OfNumber : weight);
        if (weightBefore > 0)
        {
            // Not a sum alone, or a pair would be the same the other way round.
            features.Add(((before * 31) ^ hash) * 0x9E3779B97F4A7C15UL ^ WordPairs, OfPair * Math.Min(weight, weightBefore));
        }

        (before, weightBefore) = (hash, weight);

        // Of a number they would say that 100 is almost 1000.
        if (weight == 1f && !isNumber && stem.Length is >= ShortestPiece and <= LongestWord)
        {
            AddPieces(stem, ref features);
        }
    }

    private static void AddPieces(ReadOnlySpan<char> stem, ref FeatureSum features)
    {
        Span<char> bounded = stackalloc char[LongestWord + 2];
        bounded[0] = '^';
        stem.CopyTo(bounded[1..]);
        bounded[stem.Length + 1] = '$';
        bounded = bounded[..(stem.Length + 2)];

        var longest = Math.Min(LongestPiece, bounded.Length - 1);
        var count = 0;
        for (var length = ShortestPiece; length <= longest; length++)
        {
            count += bounded.Length - length + 1;
        }

        // All pieces together weigh about as much as the word.
        var weight = OfPieces / MathF.Sqrt(count);
        for (var length = ShortestPiece; length <= longest; length++)
        {
            for (var from = 0; from + length <= bounded.Length; from++)
            {
                features.Add(FeatureSum.Hash(bounded.Slice(from, length), Pieces), weight);
            }
        }
    }

    private static void AddRun(ReadOnlySpan<char> run, ref FeatureSum features)
    {
        Span<float> weights = run.Length <= 256 ? stackalloc float[run.Length] : new float[run.Length];
        Weigh(run, weights);
        for (var from = 0; from < run.Length; from++)
        {
            var weight = 1f;
            for (var length = 1; length <= 3 && from + length <= run.Length; length++)
            {
                weight = Math.Min(weight, weights[from + length - 1]);
                features.Add(FeatureSum.Hash(run.Slice(from, length), Characters), weight * (length switch { 1 => 0.5f, 2 => 1f, _ => 0.6f }));
            }
        }
    }

    private static void Weigh(ReadOnlySpan<char> run, Span<float> weights)
    {
        weights.Fill(1f);
        for (var from = 0; from < run.Length; from++)
        {
            for (var length = 1; length <= FunctionWords.LongestMark && from + length <= run.Length; length++)
            {
                if (FunctionWords.WeightOfMark(run.Slice(from, length)) is not { } weight)
                {
                    continue;
                }

                for (var at = from; at < from + length; at++)
                {
                    weights[at] = Math.Min(weights[at], weight);
                }
            }
        }
    }
}
