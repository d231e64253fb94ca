using System.Collections.Frozen;

namespace LlmGateway.Caching.Semantic.Embedding.Builtin;

/// <summary>
/// Words that say little of what a text is about, and how much they count: a list of ours in the place of frequencies that were counted in
/// texts of others. Negations are not among them.
/// </summary>
internal static class FunctionWords
{
    private const float Little = 0.12f;
    private const float Some = 0.35f;

    private static readonly FrozenDictionary<string, float> Words = Weigh(
        "a an the is are was were be been being am to of in on at for and or do does did i im id ive you your he she it its we they my me our their " +
        "his her this that these those there here with from by as so if than then can could would should will shall may might must please have has " +
        "had just also very some any into about let us tell give want need get us hi hello thanks thank",
        "what whats how hows which who whos where when why make use mean explain show find between many much best way good");

    private static readonly FrozenDictionary<string, float> Marks = Weigh(
        "的 了 吗 呢 吧 啊 呀 嘛 是 我 你 您 他 她 它 们 在 有 和 与 及 就 也 都 还 很 请 这 那 着 过 之 其 被 把 给 对 于 而 或 要 会 能 可 想 " +
        "は が を に の で と も か です ます",
        "怎么 怎样 如何 什么 哪些 哪个 哪里 请问 一下 可以 需要 为什么 是否 多少 告诉 帮我 应该 能否 怎么样 有没有 是什么 解释 介绍");

    private static readonly FrozenDictionary<string, float>.AlternateLookup<ReadOnlySpan<char>> ByWord = Words.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenDictionary<string, float>.AlternateLookup<ReadOnlySpan<char>> ByMark = Marks.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>In characters.</summary>
    public const int LongestMark = 3;

    public static float WeightOf(ReadOnlySpan<char> word) => ByWord.TryGetValue(word, out var weight) ? weight : 1f;

    /// <summary>Of one to three characters in a script that parts no words; null where they are not among them.</summary>
    public static float? WeightOfMark(ReadOnlySpan<char> characters) => ByMark.TryGetValue(characters, out var weight) ? weight : null;

    private static FrozenDictionary<string, float> Weigh(string little, string some) =>
        little.Split(' ').Distinct().Select(word => KeyValuePair.Create(word, Little))
            .Concat(some.Split(' ').Except(little.Split(' ')).Select(word => KeyValuePair.Create(word, Some)))
            .ToFrozenDictionary(StringComparer.Ordinal);
}
