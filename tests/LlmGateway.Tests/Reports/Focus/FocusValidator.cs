using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Row = System.Collections.Generic.IReadOnlyDictionary<string, string?>;

namespace LlmGateway.Tests.Reports.Focus;

/// <summary>Holds an export against the specification, of which it knows nothing but how rules are written down.</summary>
internal sealed class FocusValidator(FocusSpecification specification)
{
    /// <summary>What is wrong, a line each; empty for an export that conforms.</summary>
    public IReadOnlyList<string> Check(FocusExport export)
    {
        var wrong = new SortedSet<string>(StringComparer.Ordinal);
        wrong.UnionWith(specification.Columns.Where(static column => column.IsRequired).Select(static column => column.Name).Except(export.Columns).Select(static name => $"{name} is missing"));
        wrong.UnionWith(export.Columns.GroupBy(static name => name).Where(static same => same.Count() > 1).Select(static same => $"{same.Key} is there twice"));
        foreach (var name in export.Columns)
        {
            if (specification.Columns.Find(column => column.Name == name) is not { } column)
            {
                wrong.UnionWith(Matches("customName", name) ? [] : [$"{name} is no column of FOCUS, nor named as a custom one"]);
                continue;
            }

            wrong.UnionWith(export.Rows.Select(row => Check(column, row)).OfType<string>());
        }

        foreach (var rule in specification.Rules.Where(rule => rule.Columns.TrueForAll(export.Columns.Contains)))
        {
            wrong.UnionWith(Check(rule, [.. export.Rows.Where(row => Applies(rule, row))]).Select(why => $"{rule.Id}: {why} ({rule.Says})"));
        }

        return [.. wrong];
    }

    private static bool Applies(RowRule rule, Row row) => rule.When?.All(when => when.Value.Contains(row.GetValueOrDefault(when.Key))) ?? true;

    private string? Check(ColumnRule column, Row row)
    {
        if (row[column.Name] is not { } value)
        {
            return column.Nulls ? null : $"{column.Name} is null";
        }

        var valid = column.Type switch
        {
            "decimal" => Matches("decimal", value) && !(Number(value) < column.Minimum),
            "datetime" => Matches("datetime", value),
            "json" => IsKeyValues(value),
            _ => value.Trim().Length > 0 && (column.Format is null || Matches(column.Format, value)),
        };
        valid &= column.Allowed?.Contains(value) ?? true;
        valid &= column.Parent is null || column.AllowedByParent!.GetValueOrDefault(row[column.Parent] ?? "")?.Contains(value) == true;
        return valid ? null : $"{column.Name} is '{value}'";
    }

    private static IEnumerable<string> Check(RowRule rule, List<Row> rows)
    {
        var columns = rule.Columns;
        return rule.Rule switch
        {
            "present" => Each(rows, columns, static value => value is not null),
            "absent" => Each(rows, columns, static value => value is null),
            "positive" => Each(rows, columns, static value => value is null || Number(value) > 0),
            "among" => Each(rows, columns, value => value is null || rule.Values!.Contains(value)),
            "before" => Pairs(rows, columns, static (first, second) => string.CompareOrdinal(first, second) < 0),
            "together" => Pairs(rows, columns, static (first, second) => first is null == second is null),
            "needs" => Pairs(rows, columns, static (first, second) => first is null || second is not null),
            "product" => rows.Where(row => !IsProduct(row[columns[0]], row[columns[1]], row[columns[2]], rule.Decimals))
                .Select(row => $"{columns[0]} {row[columns[0]]} times {columns[1]} {row[columns[1]]} is not {row[columns[2]]}"),
            "determines" => rows.Where(row => row[columns[0]] is not null).GroupBy(row => row[columns[0]], row => row[columns[1]])
                .Where(static same => same.Distinct().Count() > 1).Select(same => $"{same.Key} has {string.Join(" and ", same.Distinct())}"),
            _ => throw new InvalidOperationException($"No rule is called '{rule.Rule}'."),
        };
    }

    private static IEnumerable<string> Each(List<Row> rows, List<string> columns, Func<string?, bool> holds) =>
        rows.SelectMany(row => columns.Where(column => !holds(row[column])).Select(column => $"{column} is '{row[column]}'"));

    private static IEnumerable<string> Pairs(List<Row> rows, List<string> columns, Func<string?, string?, bool> hold) =>
        rows.Where(row => !hold(row[columns[0]], row[columns[1]])).Select(row => $"{columns[0]} is '{row[columns[0]]}', {columns[1]} '{row[columns[1]]}'");

    private static bool IsProduct(string? factor, string? other, string? product, int decimals) =>
        factor is null || other is null || product is null || decimal.Round(Number(factor) * Number(other), decimals) == Number(product);

    private static decimal Number(string value) => decimal.Parse(value, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    // Keys that differ, each with one value that is neither list nor object.
    private static bool IsKeyValues(string value)
    {
        try
        {
            using var json = JsonDocument.Parse(value);
            return json.RootElement.ValueKind is JsonValueKind.Object
                && json.RootElement.EnumerateObject().All(static pair => pair.Value.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object))
                && json.RootElement.EnumerateObject().DistinctBy(static pair => pair.Name).Count() == json.RootElement.EnumerateObject().Count();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool Matches(string format, string value) => Regex.IsMatch(value, specification.Formats[format], RegexOptions.CultureInvariant);
}
