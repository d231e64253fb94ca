using System.Globalization;
using System.Net;
using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Reports;

/// <summary>What a gateway serves, it charges for: from its own rows to the export.</summary>
public sealed class FocusTests
{
    [Fact]
    public async Task The_export_adds_up_to_the_rows_and_each_row_s_parts_to_its_cost()
    {
        using var configuration = new TestConfiguration(new Dictionary<string, string> { ["silent"] = "nousage", ["refused"] = "status=429" });
        await using var gateway = await TestGateway.StartAsync(configuration);
        foreach (var model in new[] { "chat", "silent", "refused", "free" })
        {
            using var whole = await gateway.ChatAsync("\"max_tokens\":7", model);
            using var streamed = await gateway.ChatAsync("\"stream\":true", model);
        }

        var rows = gateway.Rows();
        var priced = rows.Where(static row => row["cost"] is not null).ToList();
        Assert.True(priced.Count >= 6);
        Assert.All(priced, static row => Assert.Equal(
            Amount((string)row["cost"]!), JsonDocument.Parse((string)row["cost_parts"]!).RootElement.EnumerateArray().Sum(static part => part.GetInt64()) / 1_000_000_000m));
        Assert.All(rows.Except(priced), static row => Assert.Null(row["cost_parts"]));

        var response = await GetAsync(gateway, "focus?from=2020-01-01&to=2020-12-31");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("x-gateway-warning"));

        response = await GetAsync(gateway, "focus");
        var lines = (await response.Content.ReadAsStringAsync(gateway.Soon)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(',')).ToList();
        var (billed, unit) = (Array.IndexOf(lines[0], "BilledCost"), Array.IndexOf(lines[0], "BillingCurrency"));
        Assert.Equal(
            Sums(priced.Select(static row => ((string)row["currency"]!, (string)row["cost"]!))),
            Sums(lines.Skip(1).Select(line => (line[unit], line[billed]))));
        Assert.StartsWith($"{rows.Count - priced.Count} attempts have no price", Assert.Single(response.Headers.GetValues("x-gateway-warning")), StringComparison.Ordinal);
        Assert.Equal(("text/csv", "attachment"), (response.Content.Headers.ContentType?.MediaType, response.Content.Headers.ContentDisposition?.DispositionType));
    }

    [Fact]
    public async Task Parquet_comes_over_the_wire_and_what_is_wrong_is_said()
    {
        using var configuration = new TestConfiguration();
        await using var gateway = await TestGateway.StartAsync(configuration);
        using (await gateway.ChatAsync())
        {
        }

        var response = await GetAsync(gateway, "focus?format=parquet&tags=*");
        Assert.Equal("application/vnd.apache.parquet", response.Content.Headers.ContentType?.MediaType);
        var content = await response.Content.ReadAsByteArrayAsync(gateway.Soon);
        Assert.Equal("PAR1PAR1", System.Text.Encoding.ASCII.GetString([.. content[..4], .. content[^4..]]));

        foreach (var (query, parameter) in new[] { ("format=xml", "format"), ("bom=maybe", "bom"), ("month=2026", "month"), ("colour=red", "colour") })
        {
            var refused = await GetAsync(gateway, "focus?" + query);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Equal(parameter, JsonDocument.Parse(await refused.Content.ReadAsStringAsync(gateway.Soon)).RootElement.GetProperty("error").GetProperty("param").GetString());
        }
    }

    private static async Task<HttpResponseMessage> GetAsync(TestGateway gateway, string path)
    {
        var key = await File.ReadAllTextAsync(Path.Combine(gateway.Configuration.DataFolder, "admin.key"), gateway.Soon);
        using var request = new HttpRequestMessage(HttpMethod.Get, "admin/v1/" + path) { Headers = { Authorization = new("Bearer", key.Trim()) } };
        return await gateway.Client.SendAsync(request, gateway.Soon);
    }

    private static decimal Amount(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static SortedDictionary<string, decimal> Sums(IEnumerable<(string Currency, string Amount)> amounts) => new(
        amounts.GroupBy(static amount => amount.Currency, static amount => Amount(amount.Amount)).ToDictionary(static group => group.Key, static group => group.Sum()), StringComparer.Ordinal);
}
