using System.Text.Json;
using System.Text.RegularExpressions;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Dashboards;

/// <summary>One query of one panel, or of a variable.</summary>
internal sealed partial record PanelQuery(string Dashboard, string Panel, string Expression)
{
    public static string Folder => Path.Combine(Readme.Root, "grafana", "dashboards");

    /// <summary>Every query of every dashboard, with Grafana's own variables as a user who has chosen everything has them.</summary>
    public static IReadOnlyList<PanelQuery> All() =>
    [
        .. Directory.GetFiles(Folder, "*.json").Order(StringComparer.Ordinal).SelectMany(static file =>
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            var name = Path.GetFileNameWithoutExtension(file);
            return (PanelQuery[])
            [
                .. json.RootElement.GetProperty("panels").EnumerateArray()
                    .Where(static panel => panel.TryGetProperty("targets", out _))
                    .SelectMany(panel => panel.GetProperty("targets").EnumerateArray(), (panel, target) =>
                        new PanelQuery(name, panel.GetProperty("title").GetString()!, Filled(target.GetProperty("expr").GetString()!))),
                .. json.RootElement.GetProperty("templating").GetProperty("list").EnumerateArray()
                    .Where(static variable => variable.GetProperty("type").GetString() == "query")
                    .Select(variable => new PanelQuery(name, $"variable {variable.GetProperty("name").GetString()}", OfVariable(variable.GetProperty("query").GetProperty("query").GetString()!))),
            ];
        }),
    ];

    /// <summary>The names of series in it.</summary>
    public IEnumerable<string> Names() => SeriesName().Matches(Expression).Select(static match => match.Value);

    public override string ToString() => $"{Dashboard}, {Panel}: {Expression}";

    private static string Filled(string expression) => Variable().Replace(expression, static match => match.Value switch
    {
        "$__rate_interval" => "20s",
        "$__range" => "1m",
        "$route" or "$instance" or "$deployment" or "$tenant" => ".*",
        _ => throw new InvalidDataException($"nobody fills {match.Value}"),
    });

    private static string OfVariable(string definition)
    {
        var match = LabelValues().Match(definition);
        Assert.True(match.Success, definition);
        return $"group by ({match.Groups[2].Value}) ({match.Groups[1].Value})";
    }

    [GeneratedRegex(@"\$\w+")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^label_values\((\w+), (\w+)\)$")]
    private static partial Regex LabelValues();

    [GeneratedRegex(@"\b(llmgateway[_:][\w:]+|process_\w+|dotnet_\w+)\b")]
    private static partial Regex SeriesName();
}
