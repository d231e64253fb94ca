using System.Text.Json;

namespace LlmGateway.Tests.Reports.Focus;

/// <summary>The rules of FOCUS 1.2 as <c>focus-1.2.json</c> has them.</summary>
internal sealed record FocusSpecification(string Version, Dictionary<string, string> Formats, List<ColumnRule> Columns, List<RowRule> Rules)
{
    private static readonly JsonSerializerOptions CamelCase = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static FocusSpecification Load() => JsonSerializer.Deserialize<FocusSpecification>(
        File.ReadAllText(Path.Combine(SourceTree.Root, "tests/LlmGateway.Tests/Reports/Focus/focus-1.2.json")), CamelCase)!;
}

/// <summary>What holds for a column by itself.</summary>
/// <param name="Level">mandatory, recommended or conditional.</param>
/// <param name="Met">The gateway meets the condition of a conditional one.</param>
internal sealed record ColumnRule(
    string Name, string Level, string Type, bool Nulls, bool Met = false, string? Format = null, List<string>? Allowed = null, decimal? Minimum = null, string? Parent = null,
    Dictionary<string, List<string>>? AllowedByParent = null)
{
    public bool IsRequired => Level == "mandatory" || Met;
}

/// <summary>What holds between columns of a row, or of rows.</summary>
/// <param name="When">Of which rows: values of columns, null standing for none; of all where it is null.</param>
internal sealed record RowRule(
    string Id, string Rule, List<string> Columns, string Says, Dictionary<string, List<string?>>? When = null, List<string>? Values = null, int Decimals = 0);
