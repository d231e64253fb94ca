using System.Globalization;
using System.Text.Json;
using CsCheck;
using LlmGateway.Reports;

namespace LlmGateway.Tests.Reports;

/// <summary>Whatever is asked for, nothing is counted twice and nothing is left out.</summary>
public sealed class UsageSumsTests : IDisposable
{
    private const string From = "2026-11-02T00:00:00.000000Z";
    private const string To = "2026-11-04T01:00:00.000000Z";

    private static readonly string?[] Texts = [null, "acme", "Acme", "a,b", "say \"hi\"", "two\r\nlines", "日本", "=1+1"];
    private static readonly string[] Instants =
    [
        "2026-11-01T23:59:59.999999Z", From, "2026-11-02T00:00:00.000001Z", "2026-11-02T13:30:00.500000Z", "2026-11-03T23:59:59.999999Z",
        "2026-11-04T00:59:59.999999Z", To, "2026-11-05T00:00:00.000000Z",
    ];

    private static readonly (string Currency, decimal Cost)?[] Costs =
        [null, ("USD", 0m), ("USD", 0.000000001m), ("CNY", 12.345678901m), ("VND", 9_000_000_000.999999999m), ("USD", -3.5m)];

    // None, as in rows of the version before, beside them.
    private static readonly decimal[] Savings = [0m, 0.000000001m, 3.141592653m, 9_000_000_000.999999999m, -0.25m];

    private static readonly string[] Tags = ["{}", """{"team":"a"}""", """{"team":"b","we\"ird.key":"x"}""", """{"team":7}""", """{"other":"a"}"""];
    private static readonly string[] Groups = ["tenant", "user", "model", "day", "hour", "tag:team", "tag:we\"ird.key", "route", "deployment"];

    private static readonly Gen<BookedRow> Row = Gen.Byte.Array[11].Select(dice => new BookedRow
    {
        Tenant = Texts[dice[0] % Texts.Length],
        User = Texts[dice[1] % Texts.Length],
        ModelAnswered = Texts[dice[2] % 3],
        Tags = Tags[dice[3] % Tags.Length],
        StartedAt = Instants[dice[4] % Instants.Length],
        Attempt = 1 + (dice[5] % 3),
        ErrorClass = ((string?[])[null, "rate_limit", "cancelled", "interrupted"])[dice[6] % 4],
        Input = dice[7] % 5 == 0 ? null : dice[7] * 1_000_000_000L,
        Output = dice[8] % 5 == 0 ? null : dice[8],
        UsageSource = ((string[])["measured", "estimated", "unknown"])[dice[9] % 3],
        Currency = Costs[dice[10] % Costs.Length]?.Currency,
        Cost = Costs[dice[10] % Costs.Length]?.Cost,
        CacheSaving = Costs[dice[10] % Costs.Length] is null || dice[10] / Costs.Length % 3 == 0 ? null : Savings[dice[10] / Costs.Length % Savings.Length],
        CacheStatus = dice[9] % 2 == 0 ? "off" : "hit",
        Cause = dice[9] % 4 == 1 ? "cache" : "primary",

        // None, as where a row was lost in part, beside them; and what is no answer of a cache counts nothing.
        Saved = dice[8] % 3 == 0 ? null : (dice[7], dice[8], dice[6] * 1_000_000_000L),
    });

    private readonly ReportRig _rig = new();

    [Fact]
    public Task Sums_of_the_report_are_the_sums_of_the_ledger_for_any_grouping() =>
        Gen.Select(Row.Array[0, 40], AnyOf(Groups).Array[0, 4]).SampleAsync(
            async (rows, groups) =>
            {
                _rig.Clear();
                _rig.Book(rows);
                var query = ReportRig.Query(("from", From), ("to", To), ("group_by", string.Join(',', groups)));
                var expected = Add(rows.Where(row => string.CompareOrdinal(row.StartedAt, From) >= 0 && string.CompareOrdinal(row.StartedAt, To) < 0));
                Assert.Equal(expected, Add(await _rig.JsonAsync(query)));
                Assert.Equal(expected, Add(await _rig.CsvAsync(query), query.Groups.Count));
            },
            iter: 150,
            threads: 1);

    [Fact]
    public Task Each_group_has_its_own_rows_and_comes_once_and_in_order() =>
        Gen.Select(Row.Array[0, 40], AnyOf("tenant", "user", "day", "model")).SampleAsync(
            async (rows, group) =>
            {
                _rig.Clear();
                _rig.Book(rows);
                Func<BookedRow, string?> value = group switch
                {
                    "tenant" => row => row.Tenant,
                    "user" => row => row.User,
                    "day" => row => row.StartedAt[..10],
                    _ => row => row.ModelAnswered ?? row.ModelAsked,
                };
                var expected = rows.GroupBy(value)
                    .OrderBy(bucket => bucket.Key is not null)
                    .ThenBy(bucket => System.Text.Encoding.UTF8.GetBytes(bucket.Key ?? ""), Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right)))
                    .Select(bucket => (bucket.Key, bucket.LongCount(row => row.Cause != "cache")));
                var json = await _rig.JsonAsync(ReportRig.Query(("from", "2026-01-01"), ("to", "2027-01-01"), ("group_by", group)));
                Assert.Equal(
                    expected,
                    json.GetProperty("rows").EnumerateArray().Select(row => (row.GetProperty(group).GetString(), row.GetProperty("attempts").GetInt64())));
            },
            iter: 100,
            threads: 1);

    public void Dispose() => _rig.Dispose();

    private static Gen<string> AnyOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static SortedDictionary<string, decimal> Add(IEnumerable<BookedRow> rows)
    {
        var sums = Zeros();
        foreach (var row in rows)
        {
            sums["requests"] += row.Attempt == 1 ? 1 : 0;
            sums["attempts"] += row.Cause == "cache" ? 0 : 1;
            sums["errors"] += row.ErrorClass is null or "cancelled" ? 0 : 1;
            sums["cache_hits"] += row.CacheStatus == "hit" ? 1 : 0;
            sums["input_tokens"] += row.Input ?? 0;
            sums["output_tokens"] += row.Output ?? 0;
            sums["unpriced_attempts"] += row.Cost is null ? 1 : 0;
            sums["estimated_attempts"] += row.UsageSource == "estimated" ? 1 : 0;
            Cost(sums, row.Currency, row.Cost);
            Cost(sums, (row.Cause == "cache" ? "answers " : "saved ") + row.Currency, row.CacheSaving);
            if (row is { Cause: "cache", Saved: { } saved })
            {
                sums["saved_input_tokens"] += saved.InputTokens;
                sums["saved_output_tokens"] += saved.OutputTokens;
                sums["saved_ms"] += saved.Milliseconds;
            }
        }

        return sums;
    }

    private static SortedDictionary<string, decimal> Add(JsonElement json)
    {
        var sums = Zeros();
        foreach (var row in json.GetProperty("rows").EnumerateArray())
        {
            foreach (var column in UsageColumn.All)
            {
                sums[column.Name] += row.GetProperty(column.Name).GetInt64();
            }

            foreach (var (name, prefix) in new[] { ("cost", ""), ("cache_saving", "saved "), ("answers_saved", "answers ") })
            {
                foreach (var money in row.GetProperty(name).EnumerateArray())
                {
                    Cost(sums, prefix + money.GetProperty("currency").GetString(), decimal.Parse(money.GetProperty("amount").GetString()!, CultureInfo.InvariantCulture));
                }
            }
        }

        return sums;
    }

    private static SortedDictionary<string, decimal> Add(List<string[]> csv, int groups)
    {
        var sums = Zeros();
        foreach (var row in csv.Skip(1))
        {
            for (var index = 0; index < UsageColumn.All.Count; index++)
            {
                sums[csv[0][groups + index]] += long.Parse(row[groups + index], CultureInfo.InvariantCulture);
            }

            Cost(sums, row[^3], Amount(row[^4]));
            Cost(sums, "saved " + row[^3], Amount(row[^2]));
            Cost(sums, "answers " + row[^3], Amount(row[^1]));
        }

        return sums;
    }

    private static decimal? Amount(string cell) => cell.Length == 0 ? null : decimal.Parse(cell, CultureInfo.InvariantCulture);

    private static SortedDictionary<string, decimal> Zeros() =>
        new(UsageColumn.All.ToDictionary(column => column.Name, _ => 0m), StringComparer.Ordinal);

    private static void Cost(SortedDictionary<string, decimal> sums, string? currency, decimal? cost)
    {
        if (cost is { } amount)
        {
            sums["cost " + currency] = sums.GetValueOrDefault("cost " + currency) + amount;
        }
    }
}
