using System.Globalization;
using System.IO.Enumeration;
using System.Text.Json;
using CsvHelper;

namespace LlmGateway.Reports.Reconciliation;

/// <summary>Adds a provider's export up by day and model, as a mapping says that it reads.</summary>
internal sealed class ExportReader(Mapping mapping)
{
    private const int MaxDepth = 32;

    private readonly MappingConfig _config = mapping.Config;
    private readonly Dictionary<Cell, Figures> _cells = [];
    private int _record;

    /// <summary>Records that were read.</summary>
    public int Records => _record;

    /// <exception cref="ReconciliationException">The export is not what the mapping says; the message names record and column.</exception>
    public IReadOnlyDictionary<Cell, Figures> Read(Stream export)
    {
        try
        {
            if (_config.Format == "json")
            {
                using var document = JsonDocument.Parse(export, new JsonDocumentOptions { MaxDepth = MaxDepth });
                Walk(document.RootElement, 0, new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase));
            }
            else
            {
                ReadCsv(export);
            }
        }
        catch (Exception error) when (error is JsonException or CsvFormatException)
        {
            throw new ReconciliationException($"the export is no {_config.Format.ToUpperInvariant()}: {error.Message.ReplaceLineEndings(" ")}");
        }

        return _record > 0 ? _cells : throw new ReconciliationException("the export has no record: check that it is the right file, and `records` of the mapping");
    }

    private void ReadCsv(Stream export)
    {
        using var csv = CsvReader.Create(export, new CsvReaderOptions(), leaveOpen: true);
        while (csv.Read())
        {
            var record = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            for (var i = 0; i < Math.Min(csv.Headers.Count, csv.FieldCount); i++)
            {
                record[csv.Headers[i].Trim().TrimStart('\uFEFF')] = csv.GetString(i).Trim();
            }

            Add(record);
        }
    }

    /// <summary>Follows the members that lead to the records; what stands beside one of them belongs to all records in it.</summary>
    private void Walk(JsonElement at, int depth, Dictionary<string, string> around)
    {
        if (depth == _config.Records.Count)
        {
            var record = new Dictionary<string, string>(around, StringComparer.OrdinalIgnoreCase);
            Flatten(at, "", record);
            Add(record);
            return;
        }

        var name = _config.Records[depth];
        if (at.ValueKind is not JsonValueKind.Object || !at.TryGetProperty(name, out var inner) || inner.ValueKind is not JsonValueKind.Array)
        {
            throw new ReconciliationException($"the export has no array '{name}': check `records` of the mapping");
        }

        var beside = new Dictionary<string, string>(around, StringComparer.OrdinalIgnoreCase);
        foreach (var member in at.EnumerateObject())
        {
            if (member.Name != name)
            {
                Flatten(member.Value, member.Name, beside);
            }
        }

        foreach (var element in inner.EnumerateArray())
        {
            Walk(element, depth + 1, beside);
        }
    }

    private static void Flatten(JsonElement element, string path, Dictionary<string, string> record)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    Flatten(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}", record);
                }

                break;
            case JsonValueKind.String:
                record[path] = element.GetString()!;
                break;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                record[path] = element.GetRawText();
                break;
        }
    }

    private void Add(Dictionary<string, string> record)
    {
        _record++;
        if (_config.Skip.Any(skip => record.TryGetValue(skip.Key, out var value) && FileSystemName.MatchesSimpleExpression(skip.Value, value)))
        {
            return;
        }

        var columns = _config.Columns;
        var (model, meter) = ModelOf(Required(record, columns.Model, "model"), Text(record, columns.Meter));
        var figures = new Figures(
            Whole(record, columns.Requests, "requests"), Whole(record, columns.InputTokens, "input_tokens"), Whole(record, columns.CachedInputTokens, "cached_input_tokens"),
            Several(record, columns.CacheWriteTokens), Whole(record, columns.OutputTokens, "output_tokens"), Number(record, columns.Cost, "cost"));
        if (_config.InputIncludesCached && figures.Input is { } all)
        {
            figures = figures with { Input = Math.Max(0, all - (figures.CachedInput ?? 0) - (figures.CacheWrite ?? 0)) };
        }

        if (Number(record, columns.Quantity, "quantity") is { } quantity && meter is not null)
        {
            figures = figures.Plus(Metered(meter, (long)decimal.Round(quantity * _config.Per)));
        }

        var cell = new Cell(DayOf(Required(record, columns.Day, "day")), model, Text(record, columns.Currency)?.ToUpperInvariant() ?? _config.Currency ?? "");
        _cells[cell] = _cells.GetValueOrDefault(cell, Figures.None).Plus(figures);
    }

    private (string Model, string? Meter) ModelOf(string text, string? meter)
    {
        if (mapping.Pattern?.Match(text) is { Success: true } match)
        {
            text = match.Groups["model"].Value;
            meter = match.Groups["meter"] is { Success: true } named ? named.Value : meter;
        }

        var known = _config.Models.FirstOrDefault(model => FileSystemName.MatchesSimpleExpression(model.Key, text));
        return (known.Value ?? text, meter);
    }

    private Figures Metered(string meter, long quantity) => _config.Meters.FirstOrDefault(known => FileSystemName.MatchesSimpleExpression(known.Key, meter)).Value switch
    {
        "input" => Figures.None with { Input = quantity },
        "cached_input" => Figures.None with { CachedInput = quantity },
        "cache_write" => Figures.None with { CacheWrite = quantity },
        "output" => Figures.None with { Output = quantity },
        "requests" => Figures.None with { Requests = quantity },
        _ => Figures.None,
    };

    private string DayOf(string text)
    {
        var zone = _config.Timezone;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && text.Length >= 9)
        {
            return Day(TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(seconds), zone));
        }

        if (DateOnly.TryParseExact(text, ["yyyy-MM-dd", "yyyy/MM/dd", "yyyyMMdd", "M/d/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        }

        // A time without an offset is one of the export's own zone.
        return DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var local) && local.Kind is DateTimeKind.Unspecified
            ? local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var instant)
                ? Day(TimeZoneInfo.ConvertTime(instant, zone))
                : throw Wrong("day", text, "a date such as 2026-11-27, an instant, or seconds since 1970");
    }

    private static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Text(Dictionary<string, string> record, IReadOnlyList<string> names) =>
        names.Select(name => record.GetValueOrDefault(name)).FirstOrDefault(static value => !string.IsNullOrEmpty(value));

    private string Required(Dictionary<string, string> record, IReadOnlyList<string> names, string meaning) => Text(record, names)
        ?? throw new ReconciliationException($"record {_record} has no {meaning}: looked for {string.Join(", ", names)} among {string.Join(", ", record.Keys.Take(30))}; mend `columns.{meaning}` of the mapping");

    private long? Whole(Dictionary<string, string> record, IReadOnlyList<string> names, string meaning) =>
        Number(record, names, meaning) is { } number ? (long)decimal.Round(number) : null;

    private long? Several(Dictionary<string, string> record, IReadOnlyList<string> names)
    {
        long? sum = null;
        foreach (var name in names)
        {
            sum = Whole(record, [name], "cache_write_tokens") is { } part ? (sum ?? 0) + part : sum;
        }

        return sum;
    }

    private decimal? Number(Dictionary<string, string> record, IReadOnlyList<string> names, string meaning)
    {
        if (Text(record, names) is not { } text)
        {
            return null;
        }

        return decimal.TryParse(text.Replace(",", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong(meaning, text, "a number");
    }

    private ReconciliationException Wrong(string meaning, string text, string wanted) =>
        new($"record {_record}: {meaning} is '{(text.Length > 60 ? text[..60] + "…" : text)}', which is not {wanted}; mend `columns.{meaning}` of the mapping");
}
