using System.Globalization;

namespace LlmGateway.FunctionalTests.Hosting;

/// <summary>One reading of <c>/metrics</c>.</summary>
internal sealed class Scrape(string text)
{
    private readonly string[] _lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The sum over all series of that name that carry these labels, written as <c>name="value"</c>; 0 where there are none.</summary>
    public double Sum(string name, params string[] labels) => _lines
        .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is '{' or ' ')
        .Where(line => labels.All(label => line.Contains(label, StringComparison.Ordinal)))
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    /// <summary>Every series by name and labels.</summary>
    public IReadOnlyList<string> Series() => [.. _lines.Where(static line => line[0] != '#').Select(static line => line[..line.LastIndexOf(' ')])];

    public override string ToString() => text;
}
