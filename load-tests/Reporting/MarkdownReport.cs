using System.Text;

namespace LlmGateway.LoadTests.Reporting;

/// <summary>A run as Markdown.</summary>
internal static class MarkdownReport
{
    public static string Render(
        IEnumerable<(string Name, string Value)> machine,
        IEnumerable<(string Name, string Value)> parameters,
        IReadOnlyCollection<ScenarioResult> results)
    {
        var text = new StringBuilder("# Load test\n\n");
        foreach (var (name, value) in machine)
        {
            text.Append($"- {name}: {value}\n");
        }

        text.Append($"- parameters: {string.Join(", ", parameters.Select(parameter => $"{parameter.Name} {parameter.Value}"))}\n");
        Goals(text, results.SelectMany(result => result.Goals).ToArray());
        foreach (var result in results)
        {
            Scenario(text, result);
        }

        return text.ToString();
    }

    private static void Goals(StringBuilder text, IReadOnlyCollection<Goal> goals)
    {
        if (goals.Count == 0)
        {
            return;
        }

        var table = new MarkdownTable("goal", "measured", "verdict");
        foreach (var goal in goals)
        {
            table.Row(goal.Text, Numbers.Format(goal.Measured), goal.Verdict);
        }

        text.Append($"\n{table}");
    }

    private static void Scenario(StringBuilder text, ScenarioResult result)
    {
        text.Append($"\n## {result.Name}\n\n{result.Summary}\n");
        foreach (var (caption, table) in result.Tables)
        {
            text.Append(caption.Length == 0 ? $"\n{table}" : $"\n{caption}\n\n{table}");
        }

        if (result.Warnings.Count > 0)
        {
            text.Append('\n');
            foreach (var warning in result.Warnings)
            {
                text.Append($"- **Warning:** {warning}\n");
            }
        }
    }
}
