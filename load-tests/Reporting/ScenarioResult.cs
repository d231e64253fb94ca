namespace LlmGateway.LoadTests.Reporting;

/// <summary>What one scenario has to tell.</summary>
internal sealed record ScenarioResult(string Name, string Summary)
{
    /// <summary>Each with the line that introduces it.</summary>
    public List<(string Caption, MarkdownTable Table)> Tables { get; } = [];

    public List<Goal> Goals { get; } = [];

    /// <summary>Why a figure above may not mean what it seems to.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Requests that failed; a figure over failed requests is worth nothing.</summary>
    public int Failed { get; set; }
}
