using System.Security.Cryptography;
using System.Text;

namespace LlmGateway.Tests.Caching.Semantic;

/// <summary>
/// The pairs are what their README says. No line is shown when this fails, ids excepted: whoever mends a rule must not learn from it what is held back.
/// </summary>
public sealed class PairSuiteTests
{
    private const int FewestOfAKind = 6;

    private const string Development = "development.tsv";

    private const string HeldBack = "held-back.tsv";

    private const string SecondHeldBack = "held-back-2.tsv";

    private const string SecondDevelopment = "development-2.tsv";

    private const string ThirdHeldBack = "held-back-3.tsv";

    /// <summary>The ids of the second held-back file start with it: a hash cannot decide the file of pairs whose whole point is who wrote them.</summary>
    private const string SecondPrefix = "second-";

    /// <summary>The ids of three further sets, each by another writer, begin with one of these; the hash decides their half.</summary>
    private static readonly string[] LaterPrefixes = ["third-", "fourth-", "fifth-"];

    private static readonly string[] Files = [Development, HeldBack, SecondHeldBack, SecondDevelopment, ThirdHeldBack];

    private static readonly string Folder = Path.Combine(SourceTree.Root, "tests", "LlmGateway.Tests", "Caching", "Semantic", "Pairs");

    [Fact]
    public void Each_line_has_its_columns_and_its_id_decides_the_file()
    {
        foreach (var pair in All())
        {
            Assert.True(pair.Label is "same" or "different", pair.Id);
            Assert.True(pair.Language is "en" or "zh" or "cross", pair.Id);
            Assert.True(pair.A.Length > 0 && pair.B.Length > 0 && pair.A.Trim() == pair.A && pair.B.Trim() == pair.B, pair.Id);
            Assert.Equal((pair.Id, FileOf(pair.Id)), (pair.Id, pair.File));
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
    public void No_prompt_comes_back_in_another_pair_with_other_case_spacing_or_punctuation()
    {
        var again = All().SelectMany(pair => new[] { (pair.Id, Text: Folded(pair.A)), (pair.Id, Text: Folded(pair.B)) })
            .GroupBy(prompt => prompt.Text, prompt => prompt.Id, StringComparer.Ordinal)
            .Where(ids => ids.Distinct(StringComparer.Ordinal).Count() > 1).Select(ids => string.Join(", ", ids));
        Assert.Empty(again);
    }

    [Fact]
    public void Each_category_is_in_every_file_in_both_languages()
    {
        var different = All().Where(pair => pair.Label == "different" && pair.Language != "cross").ToList();
        var categories = different.Select(pair => pair.Category).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(categories.Count >= 12);
        foreach (var category in categories)
        {
            foreach (var language in new[] { "en", "zh" })
            {
                foreach (var file in Files)
                {
                    var count = Read(file).Count(pair => pair.Label == "different" && pair.Category == category && pair.Language == language);
                    Assert.True(count >= FewestOfAKind, $"{count} of {category} in {language} in {file}");
                }
            }
        }
    }

    [Fact]
    public void The_second_held_back_file_is_even_between_the_languages_and_weighs_both_errors()
    {
        var second = Read(SecondHeldBack).ToList();
        var categories = All().Where(pair => pair.Language != "cross").Select(pair => (pair.Category, pair.Label)).Distinct().ToList();
        foreach (var language in new[] { "en", "zh" })
        {
            var of = second.Where(pair => pair.Language == language).ToList();
            Assert.True(of.Count >= 160, $"{of.Count} in {language}");
            Assert.InRange(of.Count(pair => pair.Label == "different") / (double)of.Count, 0.52, 0.58);
            Assert.Empty(categories.Except(of.Select(pair => (pair.Category, pair.Label))));
        }
    }

    [Fact]
    public void The_readme_counts_them_as_they_are()
    {
        var readme = File.ReadAllText(Path.Combine(Folder, "README.md"));
        var all = All();
        Assert.Contains($"{all.Count} pairs of prompts", readme, StringComparison.Ordinal);
        Assert.Contains($"{all.Count(pair => pair.Label == "different")} pairs are `different`", readme, StringComparison.Ordinal);
        foreach (var file in all.GroupBy(pair => pair.File))
        {
            var row = $"| `{file.Key}` | {file.Count()} | {file.Count(pair => pair.Label == "different")} | {file.Count(pair => pair.Label == "same")} "
                + $"| {file.Count(pair => pair.Language == "en")} | {file.Count(pair => pair.Language == "zh")} | {file.Count(pair => pair.Language == "cross")} |";
            Assert.Contains(row, readme, StringComparison.Ordinal);
        }

        foreach (var kind in all.GroupBy(pair => (pair.Category, pair.Label)))
        {
            var row = kind.Any(pair => pair.Language == "cross")
                ? $"| `{kind.Key.Category}` | {kind.Key.Label} | {Shares(kind, "cross")}, across English and Chinese | |"
                : $"| `{kind.Key.Category}` | {kind.Key.Label} | {Shares(kind, "en")} | {Shares(kind, "zh")} |";
            Assert.Contains(row, readme, StringComparison.Ordinal);
        }
    }

    private static string FileOf(string id)
    {
        if (id.StartsWith(SecondPrefix, StringComparison.Ordinal))
        {
            return SecondHeldBack;
        }

        var digit = SHA256.HashData(Encoding.UTF8.GetBytes(id))[0] >> 4;
        var later = LaterPrefixes.Any(prefix => id.StartsWith(prefix, StringComparison.Ordinal));
        return digit % 2 == 0 ? later ? SecondDevelopment : Development : later ? ThirdHeldBack : HeldBack;
    }

    private static string Shares(IEnumerable<Pair> kind, string language) =>
        string.Join(" + ", Files.Select(file => kind.Count(pair => pair.Language == language && pair.File == file)));

    /// <summary>A prompt without what nobody would call a difference: width, case, spaces and punctuation. Symbols such as <c>+</c> stay.</summary>
    private static string Folded(string prompt)
    {
        var letters = prompt.Normalize(NormalizationForm.FormKC).Where(letter => !char.IsWhiteSpace(letter) && !char.IsPunctuation(letter));
        return string.Concat(letters).ToUpperInvariant();
    }

    private static List<Pair> All() => [.. Files.SelectMany(Read)];

    private static IEnumerable<Pair> Read(string file)
    {
        foreach (var line in File.ReadLines(Path.Combine(Folder, file)))
        {
            var columns = line.Split('\t');
            Assert.True(columns.Length == 6, columns[0]);
            yield return new Pair(columns[0], columns[1], columns[2], columns[3], columns[4], columns[5], file);
        }
    }

    private sealed record Pair(string Id, string Language, string Category, string Label, string A, string B, string File);
}
