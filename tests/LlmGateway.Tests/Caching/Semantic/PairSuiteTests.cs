using System.Security.Cryptography;
using System.Text;

namespace LlmGateway.Tests.Caching.Semantic;

/// <summary>
/// The pairs are what their README says. No line is shown when this fails, ids excepted: whoever mends a rule must not learn from it what is held back.
/// </summary>
public sealed class PairSuiteTests
{
    private const int FewestOfAKind = 6;

    private static readonly string Folder = Path.Combine(SourceTree.Root, "tests", "LlmGateway.Tests", "Caching", "Semantic", "Pairs");

    [Fact]
    public void Each_line_has_its_columns_and_its_id_decides_the_file()
    {
        foreach (var (name, even) in new[] { ("development.tsv", true), ("held-back.tsv", false) })
        {
            foreach (var pair in Read(name))
            {
                Assert.True(pair.Label is "same" or "different", pair.Id);
                Assert.True(pair.Language is "en" or "zh" or "cross", pair.Id);
                Assert.True(pair.A.Length > 0 && pair.B.Length > 0 && pair.A.Trim() == pair.A && pair.B.Trim() == pair.B, pair.Id);
                var digit = SHA256.HashData(Encoding.UTF8.GetBytes(pair.Id))[0] >> 4;
                Assert.True((digit % 2 == 0) == even, pair.Id);
            }
        }
    }

    [Fact]
    public void No_id_and_no_prompt_is_there_twice()
    {
        var all = All();
        Assert.Equal(all.Count, all.Select(pair => pair.Id).Distinct(StringComparer.Ordinal).Count());
        var twice = all.SelectMany(pair => new[] { (pair.Id, Text: pair.A), (pair.Id, Text: pair.B) }).GroupBy(prompt => prompt.Text, StringComparer.Ordinal)
            .Where(same => same.Count() > 1).SelectMany(same => same.Select(prompt => prompt.Id));
        Assert.Empty(twice);
    }

    [Fact]
    public void Each_category_is_in_both_files_in_both_languages()
    {
        var different = All().Where(pair => pair.Label == "different" && pair.Language != "cross").ToList();
        var categories = different.Select(pair => pair.Category).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(categories.Count >= 12);
        foreach (var category in categories)
        {
            foreach (var language in new[] { "en", "zh" })
            {
                foreach (var file in new[] { "development.tsv", "held-back.tsv" })
                {
                    var count = Read(file).Count(pair => pair.Label == "different" && pair.Category == category && pair.Language == language);
                    Assert.True(count >= FewestOfAKind, $"{count} of {category} in {language} in {file}");
                }
            }
        }
    }

    [Fact]
    public void The_readme_counts_them_as_they_are()
    {
        var readme = File.ReadAllText(Path.Combine(Folder, "README.md"));
        var all = All();
        Assert.Contains($"{all.Count} pairs of prompts", readme, StringComparison.Ordinal);
        Assert.Contains($"{all.Count(pair => pair.Label == "different")} pairs are `different`", readme, StringComparison.Ordinal);
        foreach (var kind in all.Where(pair => pair.Language != "cross").GroupBy(pair => (pair.Category, pair.Label)))
        {
            var row = $"| `{kind.Key.Category}` | {kind.Key.Label} | {Halves(kind, "en")} | {Halves(kind, "zh")} |";
            Assert.Contains(row, readme, StringComparison.Ordinal);
        }
    }

    private static string Halves(IEnumerable<Pair> kind, string language)
    {
        var of = kind.Where(pair => pair.Language == language).ToList();
        var held = of.Count(pair => pair.IsHeldBack);
        return $"{of.Count - held} + {held}";
    }

    private static List<Pair> All() => [.. Read("development.tsv"), .. Read("held-back.tsv")];

    private static IEnumerable<Pair> Read(string file)
    {
        foreach (var line in File.ReadLines(Path.Combine(Folder, file)))
        {
            var columns = line.Split('\t');
            Assert.True(columns.Length == 6, columns[0]);
            yield return new Pair(columns[0], columns[1], columns[2], columns[3], columns[4], columns[5], file == "held-back.tsv");
        }
    }

    private sealed record Pair(string Id, string Language, string Category, string Label, string A, string B, bool IsHeldBack);
}
