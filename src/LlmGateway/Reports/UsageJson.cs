using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using LlmGateway.Catalog;

namespace LlmGateway.Reports;

/// <summary>The report as JSON: one object a group, with its amounts of money for each of its currencies.</summary>
internal static class UsageJson
{
    private const int FlushAt = 32 * 1024;

    public static async Task WriteAsync(PipeWriter output, UsageQuery query, UsageReading reading, CancellationToken cancellationToken)
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
        foreach (var (row, amounts) in ByGroup(reading.Rows))
        {
            Write(json, query, row);
            Write(json, "cost", amounts.Cost);
            Write(json, "cache_saving", amounts.CacheSaving);
            Write(json, "answers_saved", amounts.AnswersSaved);
            if (reading.Conversion is not null)
            {
                WriteBooked(json, amounts.Booked);
            }

            json.WriteEndObject();
            if (json.BytesPending >= FlushAt)
            {
                json.Flush();
                await output.FlushAsync(cancellationToken);
            }
        }

        json.WriteEndArray();
        if (reading.Conversion is { } conversion)
        {
            WriteRates(json, conversion);
        }

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
            Write(json, money);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Money money)
    {
        json.WriteString("amount", money.AmountText);
        json.WriteString("currency", money.Currency.Code);
    }

    private static void WriteBooked(Utf8JsonWriter json, List<Booked> amounts)
    {
        json.WriteStartArray("booked");
        foreach (var booked in amounts)
        {
            json.WriteStartObject();
            Write(json, booked.Cost);
            json.WriteString("rate", RateText(booked.Rate));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteRates(Utf8JsonWriter json, UsageConversion conversion)
    {
        json.WriteStartArray("rates");
        foreach (var use in conversion.Used)
        {
            json.WriteStartObject();
            json.WriteString("from", use.From.Code);
            json.WriteString("to", use.To.Code);
            json.WriteString("rate", RateText(use.Rate));
            json.WriteString("since", use.Since?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            json.WriteString("source", conversion.Source);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Twelve decimals at most; null for none.</summary>
    public static string? RateText(decimal? rate) => rate?.ToString("0.############", CultureInfo.InvariantCulture);
}
