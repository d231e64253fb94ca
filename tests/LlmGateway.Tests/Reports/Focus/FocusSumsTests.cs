using System.Globalization;
using CsCheck;
using LlmGateway.Catalog;
using LlmGateway.Ledger.Sqlite;

namespace LlmGateway.Tests.Reports.Focus;

/// <summary>Whatever was booked, an export adds up to the usage report, and conforms.</summary>
public sealed class FocusSumsTests : IDisposable
{
    private static readonly (string Currency, decimal Cost)?[] Costs =
        [null, ("USD", 0m), ("USD", 0.000000001m), ("CNY", 12.345678901m), ("VND", 9_000_000_000.999999999m), ("USD", 0.333333333m)];

    private static readonly Gen<BookedRow> Row = Gen.Byte.Array[10].Select(static dice =>
    {
        var cost = Costs[dice[0] % Costs.Length];
        return new BookedRow
        {
            Tenant = ((string?[])[null, "acme", "日本", "say \"hi\", twice"])[dice[1] % 4],
            Project = dice[2] % 3 == 0 ? null : $"p{dice[2] % 2}",
            Deployment = dice[3] % 4 == 0 ? null : $"d{dice[3] % 2}",
            Provider = dice[3] % 5 == 0 ? null : "eu",
            ModelAnswered = dice[4] % 3 == 0 ? null : "large",
            StartedAt = ((string[])["2026-10-31T23:59:59.999999Z", "2026-11-01T00:00:00.000000Z", "2026-11-01T23:59:59.999999Z", "2026-11-30T12:00:00.000000Z", "2026-12-01T00:00:00.000000Z"])[dice[5] % 5],
            Input = dice[6] % 5 == 0 ? null : dice[6] * 1_000_000L,
            CachedInput = dice[6] % 5 == 0 ? null : dice[7] % 3 * 1_000_000L,
            CacheWrite = dice[6] % 5 == 0 ? null : dice[7] % 2,
            Output = dice[6] % 5 == 0 ? null : dice[8],
            Reasoning = dice[6] % 5 == 0 ? null : dice[8] / 2,
            Currency = cost?.Currency,
            Cost = cost?.Cost,

            // None, as in rows of the version before, beside them.
            Parts = cost is { } known && dice[9] % 3 > 0 ? CostSplit.Of(known.Cost, known.Cost / 2, known.Cost / 8, known.Cost / 8, known.Cost / 8, known.Cost / 8) : null,
        };
    });

    private readonly FocusRig _rig = new();

    [Fact]
    public Task The_costs_of_an_export_are_those_of_the_report_to_the_last_digit() =>
        Gen.Select(Row.Array[0, 30], Row.Array[0, 10]).SampleAsync(
            async (rows, later) =>
            {
                _rig.Ledger.Clear();
                using (var connection = _rig.Ledger.Database.Open())
                using (var command = connection.CreateCommand())
                {
                    command.CommandText = "DELETE FROM ledger_hourly; DELETE FROM ledger_state";
                    command.ExecuteNonQuery();
                }

                _rig.Ledger.Book(rows);
                using (var rollUps = new SqliteRollUps(_rig.Ledger.Database))
                {
                    rollUps.Step();
                }

                _rig.Ledger.Book(later);
                var report = Sums((await _rig.Ledger.JsonAsync(ReportRig.Query(("group_by", "tenant,project,day")))).GetProperty("rows").EnumerateArray()
                    .SelectMany(static row => row.GetProperty("cost").EnumerateArray().Select(cost => (
                        $"{row.GetProperty("tenant").GetString() ?? "(none)"}|{row.GetProperty("project").GetString()}|{row.GetProperty("day").GetString()}|{cost.GetProperty("currency").GetString()}",
                        cost.GetProperty("amount").GetString()!))));
                var export = await _rig.ExportAsync(FocusRig.Query(("month", "2026-11")), "csv");
                foreach (var column in new[] { "BilledCost", "EffectiveCost", "ListCost", "ContractedCost" })
                {
                    Assert.Equal(report, Sums(export.Rows.Select(row => ($"{row["BillingAccountId"]}|{row["SubAccountId"]}|{row["ChargePeriodStart"]![..10]}|{row["BillingCurrency"]}", row[column]!))));
                }

                Assert.Empty(new FocusValidator(FocusSpecification.Load()).Check(export));
                Assert.Equal(export.Rows.Count, export.Rows.DistinctBy(static row => (
                    row["ChargePeriodStart"], row["BillingAccountId"], row["SubAccountId"], row["ResourceId"], row["ProviderName"], row["SkuId"], row["BillingCurrency"])).Count());
            },
            iter: 120,
            threads: 1);

    public void Dispose() => _rig.Dispose();

    // Groups of which nothing costs anything are rows of the report, and none of the export where there were no tokens either.
    private static SortedDictionary<string, decimal> Sums(IEnumerable<(string Group, string Amount)> amounts) => new(
        amounts.GroupBy(static amount => amount.Group, static amount => decimal.Parse(amount.Amount, CultureInfo.InvariantCulture))
            .Select(static group => (group.Key, Sum: group.Sum())).Where(static group => group.Sum != 0).ToDictionary(static group => group.Key, static group => group.Sum),
        StringComparer.Ordinal);
}
