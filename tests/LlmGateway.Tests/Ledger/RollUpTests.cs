using System.Globalization;
using CsCheck;
using LlmGateway.Gateway;
using LlmGateway.Ledger.Sqlite;
using LlmGateway.Reports;
using LlmGateway.Tests.Reports;

namespace LlmGateway.Tests.Ledger;

/// <summary>Whether rows are rolled up, or some, or none: a report is the same.</summary>
public sealed class RollUpTests : IDisposable
{
    private static readonly string[] Groups = ["tenant", "model", "day", "hour", "route", "deployment", "key", "provider", "project"];
    private static readonly string?[] Texts = [null, "", "acme", "beta", "日本"];
    private static readonly (string Currency, decimal Cost)?[] Costs = [null, ("USD", 0.000000001m), ("VND", 9_000_000_000.999999999m), ("USD", -3.5m)];

    private static readonly Gen<BookedRow> Row = Gen.Byte.Array[7].Select(static dice => new BookedRow
    {
        Tenant = Texts[dice[0] % Texts.Length],
        ModelAnswered = Texts[dice[1] % Texts.Length],
        StartedAt = $"2026-11-23T{dice[2] % 5:00}:{dice[3] % 60:00}:00.000000Z",
        Attempt = 1 + (dice[4] % 3),
        ErrorClass = ((string?[])[null, "rate_limit", "cancelled"])[dice[5] % 3],
        Input = dice[5] % 5 == 0 ? null : dice[5] * 1_000_000_000L,
        Currency = Costs[dice[6] % Costs.Length]?.Currency,
        Cost = Costs[dice[6] % Costs.Length]?.Cost,
        CacheSaving = Costs[dice[6] % Costs.Length] is null || dice[6] % 3 == 0 ? null : 0.999999999m,
        UsageSource = dice[4] % 2 == 0 ? "estimated" : "measured",
        CacheStatus = dice[4] % 4 == 0 ? "hit" : "off",
        Cause = dice[4] % 8 == 0 ? "cache" : "primary",
        Saved = dice[5] % 3 == 0 ? null : (dice[1], dice[2], dice[3] * 1_000_000_000L),
    });

    private readonly ReportRig _rig = new();

    [Fact]
    public void A_report_is_the_same_before_and_after_and_in_between() =>
        Gen.Select(Row.Array[0, 40], Row.Array[0, 20], Gen.Int[0, Groups.Length - 1].Array[0, 3], Gen.Int[0, 300], Gen.Int[0, 300]).Sample(
            (early, late, groups, from, length) =>
            {
                Forget();
                var start = DateTimeOffset.Parse("2026-11-23T00:00:00Z", CultureInfo.InvariantCulture).AddMinutes(from);
                var query = ReportRig.Query(
                    ("from", UsageQueryReader.Text(start)),
                    ("to", UsageQueryReader.Text(start.AddMinutes(length))),
                    ("group_by", string.Join(',', groups.Select(static group => Groups[group]))));
                _rig.Book(early);
                RollUp();
                _rig.Book(late);
                var between = Read(query);
                RollUp();
                var after = Read(query);
                Execute("DELETE FROM ledger_hourly; DELETE FROM ledger_state");
                Assert.Equal(Read(query), between);
                Assert.Equal(between, after);
            },
            iter: 150,
            threads: 1);

    [Fact]
    public async Task With_the_rows_gone_the_sums_stay_and_what_only_rows_could_answer_is_refused()
    {
        _rig.Book(
            new BookedRow { StartedAt = "2026-11-20T10:15:00.000000Z", Currency = "USD", Cost = 1.25m, User = "u" },
            new BookedRow { StartedAt = "2026-11-22T10:15:00.000000Z", Currency = "USD", Cost = 2m },
            new BookedRow { StartedAt = "2026-11-20T11:15:00.000000Z", Currency = "USD", Cost = 4m });
        RollUp();
        var byDay = ReportRig.Query(("group_by", "day"));
        var before = Read(byDay);
        using (var rollUps = new SqliteRollUps(_rig.Database))
        {
            while (rollUps.Forget("2026-11-21T00:00:00.000000Z"))
            {
            }
        }

        // The last row stays, whatever its time: its id must not be given again.
        Assert.Equal(2L, Number("SELECT COUNT(*) FROM ledger"));
        Assert.Equal(before, Read(byDay));
        _rig.Book(new BookedRow { StartedAt = "2026-11-22T11:00:00.000000Z", Currency = "USD", Cost = 8m });
        RollUp();
        Assert.Contains("2026-11-22 2 2 0", string.Join('\n', Read(byDay)), StringComparison.Ordinal);
        Assert.Equal(15.25m, Sum(byDay));

        var ledger = new UsageLedger(_rig.Database, postgres: null);
        foreach (var refused in new[] { ReportRig.Query(("group_by", "user")), ReportRig.Query(("group_by", "tag:team")), ReportRig.Query(("from", "2026-11-20T10:30:00Z")) })
        {
            Assert.Contains("data.retention", (await Assert.ThrowsAsync<UsageQueryException>(() => ledger.OpenAsync(refused, default))).Message, StringComparison.Ordinal);
        }

        await using var allowed = await ledger.OpenAsync(ReportRig.Query(("group_by", "user"), ("from", "2026-11-21")), default);
        Assert.Equal(10m, allowed.Rows.Sum(static row => row.Cost!.Value.Amount));
    }

    [Fact]
    public async Task Spend_is_the_same_from_roll_ups_and_from_rows()
    {
        _rig.Book(
            new BookedRow { StartedAt = "2026-11-20T10:15:00.000000Z", Currency = "USD", Cost = 1.25m, Input = 10, Output = 3, Tags = """{"team":"a"}""" },
            new BookedRow { StartedAt = "2026-11-20T10:55:00.000000Z", Currency = "USD", Cost = 0.000000001m, Attempt = 2 },
            new BookedRow { StartedAt = "2026-11-20T10:59:00.000000Z" },
            new BookedRow { StartedAt = "2026-11-20T12:00:00.000000Z", Currency = "CNY", Cost = 7m },
            new BookedRow { StartedAt = "2026-11-20T12:00:00.000000Z", Currency = "CNY", Cost = 9m, Tenant = "other" });
        var history = new SqliteSpendHistory(_rig.Database);
        var query = new SpendQuery("acme", null, null, null, null, At("2026-11-20T10:20:00Z"), At("2026-11-21T00:00:00Z"), Fine: false);
        foreach (var _ in new[] { 1, 2 })
        {
            Assert.Equal(
                ["10:00  0 1 0 0", "10:00 USD 1 0 0 0", "12:00 CNY 7000000000 1 0 0"],
                (await history.ReadAsync(query, default)).Select(Show));
            Assert.Equal(
                ["10:50  0 1 0 0", "10:50 USD 1 0 0 0", "12:00 CNY 7000000000 1 0 0"],
                (await history.ReadAsync(query with { Fine = true }, default)).Select(Show));
            Assert.Equal(
                ["10:10 USD 1250000000 1 10 3"],
                (await history.ReadAsync(query with { Fine = true, From = At("2026-11-20T00:00:00Z"), Tag = new("team", "a") }, default)).Select(Show));
            RollUp();
        }

        Assert.Empty(await history.ReadAsync(query with { Project = "none" }, default));
    }

    public void Dispose() => _rig.Dispose();

    private static string Show(SpendEntry entry) =>
        $"{entry.Bucket:HH:mm} {entry.Currency} {entry.Nanos} {entry.Requests} {entry.InputTokens} {entry.OutputTokens}";

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private List<string> Read(UsageQuery query)
    {
        using var connection = _rig.Database.OpenForReading();
        return [.. UsageReport.Read(connection, query).Select(static row => $"{string.Join('|', row.Groups.Select(static group => group ?? "-"))} {string.Join(' ', row.Figures)} {row.Cost} {row.CacheSaving} {row.AnswersSaved}")];
    }

    private decimal Sum(UsageQuery query)
    {
        using var connection = _rig.Database.OpenForReading();
        return UsageReport.Read(connection, query).Sum(static row => row.Cost!.Value.Amount);
    }

    private void RollUp()
    {
        using var rollUps = new SqliteRollUps(_rig.Database);
        while (rollUps.Step())
        {
        }
    }

    private void Forget()
    {
        _rig.Clear();
        Execute("DELETE FROM ledger_hourly; DELETE FROM ledger_state");
    }

    private void Execute(string sql)
    {
        using var connection = _rig.Database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private object? Number(string sql)
    {
        using var connection = _rig.Database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
