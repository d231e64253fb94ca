using LlmGateway.Catalog;
using Spectre.Console;

namespace LlmGateway.Reports;

/// <summary>The report for a terminal, with totals for each currency.</summary>
internal static class UsageTable
{
    private const int MostRows = 500;

    private static readonly int Requests = Index("requests");
    private static readonly int Errors = Index("errors");
    private static readonly int Input = Index("input_tokens");
    private static readonly int Cached = Index("cached_input_tokens");
    private static readonly int Output = Index("output_tokens");
    private static readonly int Unpriced = Index("unpriced_attempts");

    public static void Write(IAnsiConsole console, UsageQuery query, IEnumerable<UsageRow> rows)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var group in query.Groups)
        {
            table.AddColumn(Markup.Escape(group.Name));
        }

        foreach (var name in (string[])["requests", "errors", "input", "cached", "output", "unpriced", "cost", "cache saved"])
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        var (costsOfAll, savingsOfAll) = (new SortedDictionary<string, decimal>(StringComparer.Ordinal), new SortedDictionary<string, decimal>(StringComparer.Ordinal));
        var sum = new UsageRow([.. query.Groups.Select((_, index) => index == 0 ? "total" : "")], new long[UsageColumn.All.Count], null, null);
        var count = 0;
        foreach (var (row, costs, savings) in UsageJson.ByGroup(rows))
        {
            sum.AddFigures(row);
            Add(costsOfAll, costs);
            Add(savingsOfAll, savings);
            if (++count <= MostRows)
            {
                table.AddRow(Cells(row, costs, savings));
            }
        }

        if (count == 0)
        {
            console.WriteLine($"No usage from {UsageQueryReader.Text(query.From)} to {UsageQueryReader.Text(query.To)}.");
            return;
        }

        table.AddEmptyRow().AddRow(Cells(sum, Amounts(costsOfAll), Amounts(savingsOfAll)));
        console.Write(table);
        if (count > MostRows)
        {
            console.WriteLine($"{count - MostRows} more groups are in the total and not shown: --format csv has them all.");
        }
    }

    private static void Add(SortedDictionary<string, decimal> totals, List<Money> amounts) =>
        amounts.ForEach(money => totals[money.Currency.Code] = totals.GetValueOrDefault(money.Currency.Code) + money.Amount);

    private static List<Money> Amounts(SortedDictionary<string, decimal> totals) =>
        [.. totals.Select(total => new Money(total.Value, new Currency(total.Key)))];

    private static string[] Cells(UsageRow row, List<Money> costs, List<Money> savings) =>
    [
        .. row.Groups.Select(group => Markup.Escape(group ?? "-")),
        .. ((int[])[Requests, Errors, Input, Cached, Output, Unpriced]).Select(index => row.Figures[index].ToString("N0", System.Globalization.CultureInfo.InvariantCulture)),
        costs.Count == 0 ? "unpriced" : string.Join('\n', costs),
        savings.Count == 0 ? "-" : string.Join('\n', savings),
    ];

    private static int Index(string name) => UsageColumn.All.TakeWhile(column => column.Name != name).Count();
}
