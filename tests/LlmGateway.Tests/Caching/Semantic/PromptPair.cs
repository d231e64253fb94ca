using System.Security.Cryptography;
using System.Text;

namespace LlmGateway.Tests.Caching.Semantic;

/// <summary>A line of the pair suite.</summary>
internal sealed record PromptPair(string Id, string Language, string Category, bool Same, string A, string B)
{
    private static readonly string Folder = Path.Combine(SourceTree.Root, "tests/LlmGateway.Tests/Caching/Semantic/Pairs");

    private static readonly Lazy<HashSet<string>> Exposed = new(static () => [.. File.ReadLines(Path.Combine(Folder, "exposed.txt"))]);

    public static string ResultsFile { get; } = Path.Combine(Folder, "RESULTS.md");

    /// <summary>Whether the writer of the rules had seen it before the halves were parted for good: Pairs/README.md.</summary>
    public bool WasSeen => Exposed.Value.Contains(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{A}\t{B}")))[..16]);

    public static PromptPair[] Development() => Read("development.tsv");

    /// <summary>The half that no rule was written with in sight.</summary>
    public static PromptPair[] HeldBack() => [.. Read("held-back.tsv").Where(static pair => !pair.WasSeen)];

    /// <summary>What of the held-back half had been seen.</summary>
    public static PromptPair[] SeenOfHeldBack() => [.. Read("held-back.tsv").Where(static pair => pair.WasSeen)];

    private static PromptPair[] Read(string file) =>
        [.. File.ReadLines(Path.Combine(Folder, file)).Select(static line => line.Split('\t')).Select(static cells => new PromptPair(cells[0], cells[1], cells[2], cells[3] == "same", cells[4], cells[5]))];
}
