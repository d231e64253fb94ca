using System.IO.Pipelines;
using System.Text.Json;
using LlmGateway.Catalog;

namespace LlmGateway.Reports;

/// <summary>The report as JSON: one object a group, with its amounts of money for each of its currencies.</summary>
internal static class UsageJson
{
    private const int FlushAt = 32 * 1024;

    public static async Task WriteAsync(PipeWriter output, UsageQuery query, IEnumerable<UsageRow> rows, CancellationToken cancellationToken)
    {
        await using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("from", UsageQueryReader.Text(query.From));
        json.WriteString("to", UsageQueryReader.Text(query.To));
        json.WriteStartArray("group_by");
        foreach (var group in query.Groups)
        {
            json.WriteStringValue(group.Name);
        }

        json.WriteEndArray();
        json.WriteStartArray("rows");
        foreach (var (row, amounts) in ByGroup(rows))
        {
            Write(json, query, row);
            Write(json, "cost", amounts.Cost);
            Write(json, "cache_saving", amounts.CacheSaving);
            Write(json, "answers_saved", amounts.AnswersSaved);
            json.WriteEndObject();
            if (json.BytesPending >= FlushAt)
            {
                json.Flush();
                await output.FlushAsync(cancellationToken);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        await output.FlushAsync(cancellationToken);
    }

    /// <summary>Puts the currencies of a group together; they come one behind the other.</summary>
    public static IEnumerable<(UsageRow Row, UsageAmounts Amounts)> ByGroup(IEnumerable<UsageRow> rows)
    {
        UsageRow? current = null;
        var amounts = UsageAmounts.None;
        foreach (var row in rows)
        {
            if (current is not null && current.IsOf(row))
            {
                current.AddFigures(row);
            }
            else
            {
                if (current is not null)
                {
                    yield return (current, amounts);
                    amounts = UsageAmounts.None;
                }

                current = row;
            }

            amounts.Add(row);
        }

        if (current is not null)
        {
            yield return (current, amounts);
        }
    }

    private static void Write(Utf8JsonWriter json, UsageQuery query, UsageRow row)
    {
        json.WriteStartObject();
        for (var index = 0; index < row.Groups.Length; index++)
        {
            json.WriteString(query.Groups[index].Name, row.Groups[index]);
        }

        for (var index = 0; index < row.Figures.Length; index++)
        {
            json.WriteNumber(UsageColumn.All[index].Name, row.Figures[index]);
        }
    }

    private static void Write(Utf8JsonWriter json, string name, List<Money> amounts)
    {
        json.WriteStartArray(name);
        foreach (var money in amounts)
        {
            json.WriteStartObject();
            json.WriteString("amount", money.AmountText);
            json.WriteString("currency", money.Currency.Code);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
