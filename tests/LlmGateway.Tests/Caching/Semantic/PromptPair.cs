namespace LlmGateway.Tests.Caching.Semantic;

/// <summary>A line of the pair suite.</summary>
internal sealed record PromptPair(string Id, string Language, string Category, bool Same, string A, string B)
{
    private static readonly string Folder = Path.Combine(SourceTree.Root, "tests/LlmGateway.Tests/Caching/Semantic/Pairs");

    public static string ResultsFile { get; } = Path.Combine(Folder, "RESULTS.md");

    /// <summary>Rules are written with these in sight: development halves, and sets that were held back once and have been looked at since.</summary>
    public static PromptPair[] Development() => [.. Fitted(), .. Read("development-2.tsv")];

    /// <summary>The first set: no two of its pairs ask the same, as those of different writers sometimes do.</summary>
    public static PromptPair[] FirstSet() => [.. Read("development.tsv"), .. Read("held-back.tsv")];

    /// <summary>What the verifier's weights are fitted to.</summary>
    public static PromptPair[] Fitted() => [.. FirstSet(), .. Read("held-back-2.tsv")];

    /// <summary>No rule was written with these in sight: the held-back halves of three sets by three writers who had seen no rule.</summary>
    public static PromptPair[] HeldBack() => Read("held-back-3.tsv");

    private static PromptPair[] Read(string file) =>
        [.. File.ReadLines(Path.Combine(Folder, file)).Select(static line => line.Split('\t')).Select(static cells => new PromptPair(cells[0], cells[1], cells[2], cells[3] == "same", cells[4], cells[5]))];
}
