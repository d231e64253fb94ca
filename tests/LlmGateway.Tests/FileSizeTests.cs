namespace LlmGateway.Tests;

public sealed class FileSizeTests
{
    private const int MostLines = 400;

    // A file that needs more says why in its first lines: "// Long because …".
    private const string Reason = "// Long because ";

    [Fact]
    public void No_source_file_is_long_without_a_reason_at_its_top()
    {
        var tooLong = SourceTree.Files("src").Where(file => IsTooLong(file.Text)).Select(file => file.Path);
        Assert.Empty(tooLong);
    }

    [Theory]
    [InlineData(400, "using System;", false)]
    [InlineData(401, "using System;", true)]
    [InlineData(401, "// Long because the table of codes stands here whole.", false)]
    [InlineData(401, "// Long because", true)]
    public void Length_is_counted_in_lines(int lines, string first, bool tooLong) =>
        Assert.Equal(tooLong, IsTooLong(first + string.Concat(Enumerable.Repeat("\n    x();", lines - 1)) + "\n"));

    private static bool IsTooLong(string text)
    {
        var lines = text.TrimEnd('\n').Split('\n');
        return lines.Length > MostLines && !lines.Take(5).Any(line => line.StartsWith(Reason, StringComparison.Ordinal));
    }
}
