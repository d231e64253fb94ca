using System.Globalization;
using System.Net;
using System.Text.Json;
using Dapper;
using LlmGateway.Configuration;
using LlmGateway.FunctionalTests.Admin;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Reports.Closing;
using LlmGateway.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.FunctionalTests.Closing;

/// <summary>What finance asks of a running gateway.</summary>
public sealed class ClosingApiTests : IAsyncLifetime
{
    private readonly TestConfiguration _configuration = new();
    private TestGateway _gateway = null!;
    private AdminClient _admin = null!;

    private static string Month => Period.Of(TimeProvider.System.GetUtcNow()).ToString();

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync(_configuration);
        _admin = new AdminClient(_gateway);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        _configuration.Dispose();
    }

    [Fact]
    public async Task A_month_is_closed_under_load_and_what_comes_after_is_late()
    {
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var response = await _gateway.ChatAsync();
                Assert.True(response.IsSuccessStatusCode);
            }
        })).ToList();
        await _gateway.WaitForRowsAsync(50);

        var refused = await CloseAsync();
        Assert.Equal((HttpStatusCode.Conflict, "period_not_ended"), (refused.Status, refused.Code));
        var closed = await CloseAsync("""{"force":true}""");
        Assert.True(closed.Status is HttpStatusCode.OK, closed.Text);
        var rows = _gateway.Rows().Count;
        await _gateway.WaitForRowsAsync(rows + 50);
        await stop.CancelAsync();
        await Task.WhenAll(load);

        var period = (await _admin.GetAsync($"periods/{Month}")).Json;
        Assert.True(period.GetProperty("intact").GetBoolean());
        Assert.Equal(("closed", "rows", "admin", true), (
            period.GetProperty("state").GetString(), period.GetProperty("checked").GetString(), period.GetProperty("closed_by").GetString(), period.GetProperty("forced").GetBoolean()));
        var late = period.GetProperty("late").GetProperty("rows").GetInt64();
        Assert.InRange(late, 50, long.MaxValue);
        Assert.Equal(_gateway.Rows().Count, period.GetProperty("rows").GetInt64() + late);
        Assert.Equal(closed.Json.GetProperty("totals").GetRawText(), period.GetProperty("totals").GetRawText());

        // Again, and the first close is answered; the list has it; the report has what is late as well.
        Assert.Equal(closed.Text, (await CloseAsync()).Text);
        var listed = (await _admin.GetAsync("periods")).Json.GetProperty("data").EnumerateArray().First();
        Assert.Equal((Month, "closed", JsonValueKind.Null), (listed.GetProperty("period").GetString(), listed.GetProperty("state").GetString(), listed.GetProperty("intact").ValueKind));
        Assert.Equal(_gateway.Rows().Count, (await UsageAsync()).GetProperty("requests").GetInt64());
        Assert.Equal(["period.close " + Month], Audit());

        Assert.Equal("no_open_period", (await _admin.SendAsync(HttpMethod.Post, "corrections", Correction("late-1"))).Code);
        Execute("UPDATE ledger SET output_tokens = output_tokens + 1 WHERE id = 7");
        Assert.False((await _admin.GetAsync($"periods/{Month}")).Json.GetProperty("intact").GetBoolean());
    }

    [Fact]
    public async Task A_correction_is_booked_once_and_changes_the_cost_and_nothing_else()
    {
        await _admin.CallAsync(TestConfiguration.Key);
        var before = await UsageAsync();
        var booked = await _admin.SendAsync(HttpMethod.Post, "corrections", Correction("credit-1"));
        Assert.True(booked.Status is HttpStatusCode.Created, booked.Text);
        var again = await _admin.SendAsync(HttpMethod.Post, "corrections", Correction("credit-1"));
        Assert.Equal((HttpStatusCode.OK, booked.Text), (again.Status, again.Text));
        Assert.Equal("reference_taken", (await _admin.SendAsync(HttpMethod.Post, "corrections", Correction("credit-1", "-2"))).Code);

        var after = await UsageAsync();
        Assert.Equal(Amount(before.GetProperty("cost")[0]) - 1.5m, Amount(after.GetProperty("cost")[0]));
        Assert.Equal(before.GetProperty("requests").GetInt64(), after.GetProperty("requests").GetInt64());
        Assert.Equal(before.GetProperty("attempts").GetInt64(), after.GetProperty("attempts").GetInt64());
        var listed = Assert.Single((await _admin.GetAsync("corrections?tenant=acme")).Json.GetProperty("data").EnumerateArray());
        Assert.Equal(booked.Text, listed.GetRawText());
        Assert.Equal(["correction.book credit-1"], Audit());
    }

    [Theory]
    [InlineData("\"amount\":\"-1.5\"", "\"amount\":\"0\"", "invalid_value")]
    [InlineData("\"amount\":\"-1.5\"", "\"amount\":\"1.0000000001\"", "invalid_value")]
    [InlineData("\"amount\":\"-1.5\"", "\"amount\":-1.5", "invalid_value")]
    [InlineData("\"currency\":\"USD\"", "\"currency\":\"usd\"", "invalid_value")]
    [InlineData("\"reason\":\"billed twice\"", "\"reason\":\"\"", "invalid_value")]
    [InlineData("\"reason\":\"billed twice\",", "", "invalid_value")]
    [InlineData("\"project\":\"search\"", "\"project\":\"serach\"", "project_not_found")]
    [InlineData("\"period\":\"MONTH\"", "\"period\":\"2999-01\"", "invalid_value")]
    [InlineData("\"period\":\"MONTH\"", "\"period\":\"2026-13\"", "invalid_value")]
    [InlineData("\"tenant\":", "\"tennant\":", "unknown_parameter")]
    public async Task A_correction_that_is_not_right_is_refused(string old, string with, string code)
    {
        var right = Correction("r1");
        var body = right.Replace(old.Replace("MONTH", Month, StringComparison.Ordinal), with, StringComparison.Ordinal);
        Assert.NotEqual(right, body);
        Assert.Equal(code, (await _admin.SendAsync(HttpMethod.Post, "corrections", body)).Code);
        Assert.Empty(_gateway.Rows());
    }

    [Fact]
    public async Task Prices_that_were_wrong_are_put_right_and_booked_once()
    {
        foreach (var model in new[] { "chat", "chat", "free" })
        {
            await _admin.CallAsync(TestConfiguration.Key, model);
        }

        var before = Amount((await UsageAsync()).GetProperty("cost")[0]);
        _configuration.Edit("input: 1, cached_input: 0.1, output: 4,", "input: 2, cached_input: 0.2, output: 8,")
            .Edit("prices:", "prices:\n  sim/sim-large: [ { from: 2026-01-01, currency: CNY, per: 1, input: 1, output: 1 } ]");
        Assert.Equal(ReloadResult.Applied, _gateway.Host.Services.GetRequiredService<ConfigurationReloader>().Reload().Result);

        var shown = (await RerateAsync()).Json;
        var total = shown.GetProperty("totals").EnumerateArray().Single(static row => Currency(row) == "USD");
        Assert.Equal((2L, before, before * 2, before), (
            total.GetProperty("rows").GetInt64(), Amount(total.GetProperty("booked")), Amount(total.GetProperty("rerated")), Amount(total.GetProperty("difference"))));
        var priced = shown.GetProperty("rows").EnumerateArray().Single(static row => Currency(row) == "CNY");
        Assert.Equal(("sim/unpriced", 1L), (priced.GetProperty("deployment").GetString(), priced.GetProperty("newly_priced").GetInt64()));
        Assert.Equal(3, _gateway.Rows().Count);

        var booked = await RerateAsync(""","book":true,"reference":"fix-1" """);
        Assert.True(booked.Status is HttpStatusCode.Created, booked.Text);
        Assert.Equal(2, booked.Json.GetProperty("corrections").GetInt32());
        var again = await RerateAsync(""","book":true,"reference":"fix-1" """);
        Assert.Equal((HttpStatusCode.OK, booked.Text), (again.Status, again.Text));
        Assert.Equal("reference_taken", (await RerateAsync(""","book":true,"reference":"fix-1","tenant":"acme" """)).Code);
        Assert.Equal("rerating_overlaps", (await RerateAsync(""","book":true,"reference":"fix-2","tenant":"acme" """)).Code);
        Assert.Equal(0, (await RerateAsync(""","book":true,"reference":"fix-3" """)).Json.GetProperty("corrections").GetInt32());

        var usage = await UsageAsync();
        Assert.Equal(
            [("CNY", Amount(priced.GetProperty("rerated"))), ("USD", before * 2)],
            usage.GetProperty("cost").EnumerateArray().Select(static cost => (cost.GetProperty("currency").GetString()!, Amount(cost))));
        Assert.Equal(3, usage.GetProperty("requests").GetInt64());
        Assert.Equal(["rerating.book fix-1", "rerating.book fix-3"], Audit());
        Assert.Equal(2, (await _admin.GetAsync("corrections?reference=fix-1")).Json.GetProperty("data").GetArrayLength());
    }

    [Theory]
    [InlineData("""{"from":"2026-11-01"}""", "to")]
    [InlineData("""{"from":"never","to":"2026-12-01"}""", "from")]
    [InlineData("""{"from":"2026-12-01","to":"2026-11-01"}""", "to")]
    [InlineData("""{"from":"2026-11-01","to":"2026-12-01","prices":"later"}""", "prices")]
    [InlineData("""{"from":"2026-11-01","to":"2026-12-01","book":true}""", "reference")]
    [InlineData("""{"from":"2026-11-01","to":"2026-12-01","tenant":""}""", "tenant")]
    public async Task A_rerating_that_is_not_right_is_refused(string body, string parameter)
    {
        var answer = await _admin.SendAsync(HttpMethod.Post, "rerate", body);
        Assert.Equal((HttpStatusCode.BadRequest, parameter), (answer.Status, answer.Json.GetProperty("error").GetProperty("param").GetString()));
    }

    [Theory]
    [InlineData("GET", "periods/2026-13", 400)]
    [InlineData("GET", "periods?cursor=x", 400)]
    [InlineData("GET", "corrections?cursor=x", 400)]
    [InlineData("GET", "corrections?period=x", 400)]
    [InlineData("POST", "periods/2999-01/close", 409)]
    public async Task What_cannot_be_is_refused(string method, string path, int status) =>
        Assert.Equal(status, (int)(await _admin.SendAsync(new HttpMethod(method), path)).Status);

    [Fact]
    public async Task The_document_has_every_member_of_the_answers()
    {
        await _admin.CallAsync(TestConfiguration.Key);
        var schemas = (await _admin.GetAsync("openapi.json")).Json.GetProperty("components").GetProperty("schemas");
        var period = (await _admin.GetAsync($"periods/{Month}")).Json;
        AssertDescribed("Period", period);
        AssertDescribed("PeriodTotal", period.GetProperty("totals")[0]);
        AssertDescribed("PeriodPage", (await _admin.GetAsync("periods")).Json);
        AssertDescribed("CorrectionPage", (await _admin.GetAsync("corrections")).Json);
        AssertDescribed("Correction", (await _admin.SendAsync(HttpMethod.Post, "corrections", Correction("r1"))).Json);
        var rerating = (await RerateAsync()).Json;
        AssertDescribed("Rerating", rerating);
        AssertDescribed("ReratingRow", rerating.GetProperty("rows")[0]);
        await CloseAsync("""{"force":true}""");
        AssertDescribed("Late", (await _admin.GetAsync($"periods/{Month}")).Json.GetProperty("late"));

        void AssertDescribed(string schema, JsonElement answer) => Assert.Equal(
            answer.EnumerateObject().Select(static member => member.Name),
            schemas.GetProperty(schema).GetProperty("properties").EnumerateObject().Select(static member => member.Name));
    }

    private static string Correction(string reference, string amount = "-1.5") =>
        $$"""{"tenant":"acme","project":"search","amount":"{{amount}}","currency":"USD","period":"{{Month}}","reason":"billed twice","reference":"{{reference}}"}""";

    private static decimal Amount(JsonElement money) => decimal.Parse(money.GetProperty("amount").GetString()!, CultureInfo.InvariantCulture);

    private static string? Currency(JsonElement row) => row.GetProperty("rerated") is { ValueKind: JsonValueKind.Object } money ? money.GetProperty("currency").GetString() : null;

    private Task<AdminAnswer> CloseAsync(string? body = null) => _admin.SendAsync(HttpMethod.Post, $"periods/{Month}/close", body);

    private Task<AdminAnswer> RerateAsync(string more = "") => _admin.SendAsync(HttpMethod.Post, "rerate", $$"""{"from":"{{Month}}-01","to":"2999-01-01"{{more}}}""");

    /// <summary>The sums of tenant acme.</summary>
    private async Task<JsonElement> UsageAsync() => (await _admin.GetAsync("usage?tenant=acme")).Json.GetProperty("rows")[0];

    private List<string> Audit()
    {
        using var connection = new SqliteDatabase(_configuration.DataFolder).Open();
        return [.. connection.Query<string>("SELECT action || ' ' || subject FROM admin_audit ORDER BY id")];
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteDatabase(_configuration.DataFolder).Open();
        connection.Execute(sql);
    }
}
