namespace LlmGateway.LoadTests.Lookup;

/// <summary>
/// Questions as a help desk has them, half English and half Chinese: all different, and each near to hundreds that differ from it in one word, so that the
/// nearest of any are five that guards and verifier have to look at.
/// </summary>
internal static class LookupQuestions
{
    private static readonly string[] Actions =
    [
        "clean", "repair", "store", "paint", "measure", "replace", "sharpen", "fold", "label", "insulate",
        "polish", "transport", "recycle", "wrap", "hang", "seal", "dry", "cut", "weigh", "sort",
    ];

    private static readonly string[] Kinds = ["wooden", "plastic", "metal", "glass", "paper", "leather", "cotton", "ceramic", "rubber", "bamboo"];
    private static readonly string[] Things = ["chairs", "boxes", "lamps", "bottles", "shelves", "bags", "frames", "tables", "doors", "baskets"];
    private static readonly string[] Sizes = ["small", "large", "narrow", "damp", "sunny"];
    private static readonly string[] Places = ["kitchen", "garage", "cellar", "office", "balcony", "workshop", "attic", "hallway", "library", "greenhouse"];

    private static readonly string[] ChineseActions =
    [
        "清洗", "修理", "存放", "粉刷", "测量", "更换", "打磨", "折叠", "标记", "保温",
        "抛光", "运输", "回收", "包装", "悬挂", "密封", "晾干", "切割", "称重", "分类",
    ];

    private static readonly string[] ChineseKinds = ["木头", "塑料", "金属", "玻璃", "纸质", "皮革", "棉布", "陶瓷", "橡胶", "竹子"];
    private static readonly string[] ChineseThings = ["椅子", "箱子", "台灯", "瓶子", "架子", "袋子", "相框", "桌子", "门板", "篮子"];
    private static readonly string[] ChineseSizes = ["狭小", "宽敞", "狭窄", "潮湿", "明亮"];
    private static readonly string[] ChinesePlaces = ["厨房", "车库", "地下室", "办公室", "阳台", "工坊", "阁楼", "走廊", "书房", "温室"];

    /// <summary>How many there are.</summary>
    public static int Most => 2 * Actions.Length * Kinds.Length * Things.Length * Sizes.Length * Places.Length;

    /// <summary>The first so many, in an order that is always the same.</summary>
    /// <returns>Each as it is kept, and the same in other words.</returns>
    public static (string Kept, string Asked)[] Take(int count)
    {
        var numbers = Enumerable.Range(0, Most).ToArray();
        new Random(1).Shuffle(numbers);
        return [.. numbers.Take(count).Select(Of)];
    }

    private static (string Kept, string Asked) Of(int number)
    {
        var (isChinese, rest) = (number % 2 == 1, number / 2);
        var action = Pick(ref rest, isChinese ? ChineseActions : Actions);
        var kind = Pick(ref rest, isChinese ? ChineseKinds : Kinds);
        var thing = Pick(ref rest, isChinese ? ChineseThings : Things);
        var size = Pick(ref rest, isChinese ? ChineseSizes : Sizes);
        var place = Pick(ref rest, isChinese ? ChinesePlaces : Places);
        return isChinese
            ? ($"在{size}的{place}里怎么{action}{kind}{thing}？", $"怎样在{size}的{place}里{action}{kind}{thing}")
            : ($"How do I {action} {kind} {thing} in a {size} {place}?", $"how can I {action} the {kind} {thing} in a {size} {place}");
    }

    private static string Pick(ref int rest, string[] words)
    {
        var word = words[rest % words.Length];
        rest /= words.Length;
        return word;
    }
}
