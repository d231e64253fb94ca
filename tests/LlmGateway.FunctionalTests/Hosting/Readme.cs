using System.Text.RegularExpressions;

namespace LlmGateway.FunctionalTests.Hosting;

/// <summary>README.md of the checkout that the tests were built from, and what it claims.</summary>
internal static partial class Readme
{
    public static string Root { get; } = FindRoot();

    public static string Text { get; } = File.ReadAllText(Path.Combine(Root, "README.md"));

    /// <summary>The shell blocks that call a gateway on its default address, without the lines that start programs of this repository.</summary>
    public static IReadOnlyList<string> Calls { get; } =
        [.. Blocks().Matches(Text)
            .Select(block => string.Join('\n', block.Groups[1].Value.Split('\n').Where(line => !line.StartsWith("dotnet ", StringComparison.Ordinal))))
            .Where(block => block.Contains("http://127.0.0.1:8080", StringComparison.Ordinal))];

    public static IEnumerable<string> Links => Matches(LinkTargets()).Where(link => !link.StartsWith('#') && !link.Contains("://", StringComparison.Ordinal));

    public static IEnumerable<string> Variables => Matches(VariableNames());

    public static IEnumerable<string> Metrics => Matches(MetricNames());

    /// <summary>What stands in the second column of the table of errors.</summary>
    public static IEnumerable<string> ErrorCodes => ErrorRows().Matches(Text).SelectMany(row => Code().Matches(row.Groups[1].Value)).Select(code => code.Groups[1].Value).Distinct();

    /// <summary>All text of the code under src.</summary>
    public static string Source { get; } = string.Concat(
        Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(File.ReadAllText));

    private static IEnumerable<string> Matches(Regex pattern) => pattern.Matches(Text).Select(match => match.Groups[1].Value).Distinct();

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "LlmGateway.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside a checkout.");
        }

        return folder;
    }

    [GeneratedRegex("^```sh\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"\]\(([^)#]+)\)")]
    private static partial Regex LinkTargets();

    [GeneratedRegex(@"\b(LLMGATEWAY_[A-Z_]+)\b")]
    private static partial Regex VariableNames();

    [GeneratedRegex(@"\bllmgateway_([a-z_]+)\b")]
    private static partial Regex MetricNames();

    [GeneratedRegex(@"^\| [45]\d\d[^|]*\|([^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex ErrorRows();

    [GeneratedRegex("`([a-z_]+)`")]
    private static partial Regex Code();
}
