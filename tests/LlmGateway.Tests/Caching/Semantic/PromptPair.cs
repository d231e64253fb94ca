namespace LlmGateway.Tests.Caching.Semantic;

/// <summary>A line of the pair suite.</summary>
internal sealed record PromptPair(string Id, string Language, string Category, bool Same, string A, string B)
{
    private static readonly string Folder = Path.Combine(SourceTree.Root, "tests/LlmGateway.Tests/Caching/Semantic/Pairs");

    public static string ResultsFile { get; } = Path.Combine(Folder, "RESULTS.md");

    /// <summary>Rules are written with these in sight: the development half, and the first held-back half, which has been looked at twice.</summary>
    public static PromptPair[] Development() => [.. Read("development.tsv"), .. Read("held-back.tsv")];

    /// <summary>What the verifier's weights are fitted to: all that rules were written with, the second held-back set too since it has been looked at.</summary>
    public static PromptPair[] Fitted() => [.. Development(), .. Read("held-back-2.tsv")];

    /// <summary>No rule was written with these in sight, nor were they written with a rule in sight: the second held-back set.</summary>
    public static PromptPair[] HeldBack() => Read("held-back-2.tsv");

    private static PromptPair[] Read(string file) =>
        [.. File.ReadLines(Path.Combine(Folder, file)).Select(static line => line.Split('\t')).Select(static cells => new PromptPair(cells[0], cells[1], cells[2], cells[3] == "same", cells[4], cells[5]))];
}
