using System.Globalization;
using LlmGateway.Catalog;
using Spectre.Console;

namespace LlmGateway.Reports;

/// <summary>The report for a terminal, with totals for each currency.</summary>
internal static class UsageTable
{
    private const int MostRows = 500;

    private static readonly int Hits = Index("cache_hits");

    private static readonly Column[] Columns =
    [
        Figure("requests", "requests"),
        Figure("hits", "cache_hits") with { OnlyWithHits = true },
        Figure("errors", "errors"),
        Figure("input", "input_tokens"),
        Figure("cached", "cached_input_tokens"),
        Figure("output", "output_tokens"),
        Figure("unpriced", "unpriced_attempts"),
        new("cost", static (_, amounts) => Text(amounts.Cost, "unpriced")),
        new("cache saved", static (_, amounts) => Text(amounts.CacheSaving, "-")),
        new("answers saved", static (_, amounts) => Text(amounts.AnswersSaved, "-"), OnlyWithHits: true),
    ];

    public static void Write(IAnsiConsole console, UsageQuery query, UsageReading reading)
    {
        var shown = new List<(UsageRow Row, UsageAmounts Amounts)>();
        var total = new Totals();
        var sum = new UsageRow([.. query.Groups.Select((_, index) => index == 0 ? "total" : "")], new long[UsageColumn.All.Count], null, null, null);
        var count = 0;
        foreach (var (row, amounts) in UsageJson.ByGroup(reading.Rows))
        {
            sum.AddFigures(row);
            total.Add(amounts);
            if (++count <= MostRows)
            {
                shown.Add((row, amounts));
            }
        }

        if (count == 0)
        {
            console.WriteLine($"No usage from {UsageQueryReader.Text(query.From)} to {UsageQueryReader.Text(query.To)}.");
            return;
        }

        // A terminal has little room: what caches answered has columns where they answered anything.
        Column[] columns = [.. Columns.Where(column => !column.OnlyWithHits || sum.Figures[Hits] > 0)];
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var group in query.Groups)
        {
            table.AddColumn(Markup.Escape(group.Name));
        }

        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(column.Name).RightAligned());
        }

        shown.ForEach(group => table.AddRow(Cells(columns, group.Row, group.Amounts)));
        table.AddEmptyRow().AddRow(Cells(columns, sum, total.Amounts));
        console.Write(table);
        foreach (var use in reading.Conversion?.Used ?? [])
        {
            var since = use.Since is { } day ? $" since {day.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}" : "";
            console.WriteLine($"1 {use.From} = {UsageJson.RateText(use.Rate)} {use.To}{since} ({reading.Conversion!.Source ?? "currency.rates"})");
        }

        if (count > MostRows)
        {
            console.WriteLine($"{count - MostRows} more groups are in the total and not shown: --format csv has them all.");
        }
    }

    private static string[] Cells(Column[] columns, UsageRow row, UsageAmounts amounts) =>
        [.. row.Groups.Select(static group => Markup.Escape(group ?? "-")), .. columns.Select(column => column.Of(row, amounts))];

    private static string Text(List<Money> amounts, string none) => amounts.Count == 0 ? none : string.Join('\n', amounts);

    private static Column Figure(string name, string figure)
    {
        var index = Index(figure);
        return new Column(name, (row, _) => row.Figures[index].ToString("N0", CultureInfo.InvariantCulture));
    }

    private static int Index(string name) => UsageColumn.All.TakeWhile(column => column.Name != name).Count();

    /// <param name="Of">Its text in a row.</param>
    /// <param name="OnlyWithHits">It says nothing where caches answered nothing.</param>
    private sealed record Column(string Name, Func<UsageRow, UsageAmounts, string> Of, bool OnlyWithHits = false);

    private sealed class Totals
    {
        private readonly SortedDictionary<string, decimal> _cost = new(StringComparer.Ordinal);
        private readonly SortedDictionary<string, decimal> _cacheSaving = new(StringComparer.Ordinal);
        private readonly SortedDictionary<string, decimal> _answersSaved = new(StringComparer.Ordinal);

        public UsageAmounts Amounts => new(Of(_cost), Of(_cacheSaving), Of(_answersSaved), []);

        public void Add(UsageAmounts amounts)
        {
            Add(_cost, amounts.Cost);
            Add(_cacheSaving, amounts.CacheSaving);
            Add(_answersSaved, amounts.AnswersSaved);
        }

        private static void Add(SortedDictionary<string, decimal> totals, List<Money> amounts) =>
            amounts.ForEach(money => totals[money.Currency.Code] = totals.GetValueOrDefault(money.Currency.Code) + money.Amount);

        private static List<Money> Of(SortedDictionary<string, decimal> totals) =>
            [.. totals.Select(static total => new Money(total.Value, new Currency(total.Key)))];
    }
}
