using LlmGateway.Reports;

namespace LlmGateway.Tests.Reports;

public sealed class UsageQueryTests : IDisposable
{
    private readonly ReportRig _rig = new();

    [Fact]
    public void Without_dates_it_is_the_current_month() =>
        Assert.Equal(("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"), Range());

    [Theory]
    [InlineData("2026-10-05", "2026-10-05T00:00:00Z")]
    [InlineData("2026-10-05T08:00:00+08:00", "2026-10-05T00:00:00Z")]
    [InlineData("2026-10-05T08:30Z", "2026-10-05T08:30:00Z")]
    [InlineData("2026-10-05T08:00:00.25Z", "2026-10-05T08:00:00.25Z")]
    public void A_date_is_plain_or_an_instant(string text, string expected) =>
        Assert.Equal((expected, "2026-12-01T00:00:00Z"), Range(("from", text)));

    [Fact]
    public void The_end_of_the_calendar_is_an_end() =>
        Assert.Equal(("9999-12-31T00:00:00Z", "9999-12-31T23:59:59.9999999Z"), Range(("from", "9999-12-31")));

    [Theory]
    [InlineData("from", "yesterday", "write 2026-11-23")]
    [InlineData("to", "11/23/2026", "write 2026-11-23")]
    [InlineData("to", "2026-10-31", "lies before from (2026-11-01T00:00:00Z)")]
    [InlineData("group_by", "tenant,tenants", "'tenants' is unknown: allowed are tenant, project")]
    [InlineData("group_by", "tag:", "allowed are tenant")]
    [InlineData("groupby", "tenant", "'groupby' is unknown: allowed are from, to, group_by, currency, format and, to filter, tenant")]
    public void What_is_wrong_is_said_with_what_is_allowed(string name, string value, string expected)
    {
        var error = Assert.Throws<UsageQueryException>(() => ReportRig.Query((name, value)));
        Assert.Equal(name, error.Parameter);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filters_keep_any_of_the_values_given()
    {
        _rig.Book(
            new BookedRow { Tenant = "a", ModelAnswered = "m1" },
            new BookedRow { Tenant = "b", ModelAnswered = "m1" },
            new BookedRow { Tenant = "b", ModelAnswered = "m2" },
            new BookedRow { Tenant = "c'; DROP TABLE ledger; --", ModelAnswered = "m1" });
        var json = await _rig.JsonAsync(ReportRig.Query(("tenant", "b"), ("tenant", "c'; DROP TABLE ledger; --"), ("model", "m1"), ("group_by", "tenant,model,tenant")));
        Assert.Equal(["b", "c'; DROP TABLE ledger; --"], json.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("tenant").GetString()));
        Assert.Equal("""["tenant","model"]""", json.GetProperty("group_by").GetRawText());
    }

    [Fact]
    public async Task An_empty_ledger_is_an_empty_report()
    {
        Assert.Equal(
            """{"from":"2026-11-01T00:00:00Z","to":"2026-12-01T00:00:00Z","group_by":[],"rows":[]}""",
            (await _rig.JsonAsync(ReportRig.Query())).GetRawText());
        Assert.Single(await _rig.CsvAsync(ReportRig.Query()));
    }

    public void Dispose() => _rig.Dispose();

    private static (string From, string To) Range(params (string, string)[] parameters)
    {
        var query = ReportRig.Query(parameters);
        return (UsageQueryReader.Text(query.From), UsageQueryReader.Text(query.To));
    }
}
