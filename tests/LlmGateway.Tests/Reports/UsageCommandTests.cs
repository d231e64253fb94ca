using System.CommandLine;
using System.Text;
using LlmGateway.Reports;

namespace LlmGateway.Tests.Reports;

public sealed class UsageCommandTests : IDisposable
{
    private readonly ReportRig _rig = new();

    [Fact]
    public async Task The_table_ends_with_a_total_for_each_currency()
    {
        _rig.Book(
            new BookedRow { Tenant = "[red]acme", Input = 1_000, Currency = "USD", Cost = 1.25m, CacheSaving = 0.5m },
            new BookedRow { Tenant = "beta", Input = 234, Currency = "USD", Cost = 1m, CacheSaving = 0.125m },
            new BookedRow { Tenant = "beta", Currency = "CNY", Cost = 7m });
        var (code, output, _) = await RunAsync("--data", _rig.Database.Folder);
        Assert.Equal(0, code);
        Assert.Contains("[red]acme", output, StringComparison.Ordinal);
        Assert.Contains("1,234", output, StringComparison.Ordinal);
        Assert.Contains("7.000000000 CNY", output, StringComparison.Ordinal);
        Assert.Contains("2.250000000 USD", output, StringComparison.Ordinal);
        Assert.Contains("cache saved", output, StringComparison.Ordinal);
        Assert.Contains("0.625000000 USD", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_caches_answered_has_its_columns_where_they_answered_anything()
    {
        _rig.Book(new BookedRow { Currency = "USD", Cost = 1m });
        Assert.DoesNotContain("answers saved", (await RunAsync("--data", _rig.Database.Folder)).Output, StringComparison.Ordinal);
        _rig.Book(
            new BookedRow { Currency = "USD", Cost = 0m, Cause = "cache", CacheStatus = "hit", CacheSaving = 0.5m },
            new BookedRow { Tenant = "beta", Currency = "USD", Cost = 0m, Cause = "cache", CacheStatus = "coalesced", CacheSaving = 0.25m });
        var lines = (await RunAsync("--data", _rig.Database.Folder)).Output.Split('\n').Select(static line => line.Split('│', StringSplitOptions.TrimEntries)).ToList();
        Assert.Equal(["tenant", "requests", "hits", "errors", "input", "cached", "output", "unpriced", "cost", "cache saved", "answers saved"], lines[1][1..^1]);
        Assert.Equal(["acme", "2", "1", "0", "0", "0", "0", "0", "1.000000000 USD", "-", "0.500000000 USD"], lines[3][1..^1]);
        Assert.Equal(["total", "3", "2", "0", "0", "0", "0", "0", "1.000000000 USD", "-", "0.750000000 USD"], lines[6][1..^1]);
    }

    [Theory]
    [InlineData("json", "{\"from\":\"2026-11-01T00:00:00Z\"")]
    [InlineData("csv", "tenant,requests,")]
    [InlineData("table", "No usage from 2026-11-01T00:00:00Z to 2026-12-01T00:00:00Z.")]
    public async Task An_empty_ledger_prints_an_empty_report(string format, string expected)
    {
        var (code, output, _) = await RunAsync("--data", _rig.Database.Folder, "--format", format);
        Assert.Equal(0, code);
        Assert.StartsWith(expected, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_ran_yet_it_says_so_and_makes_nothing()
    {
        var folder = Path.Combine(_rig.Database.Folder, "none");
        var (code, _, error) = await RunAsync("--data", folder);
        Assert.Equal(0, code);
        Assert.Contains("No usage yet", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_bad_date_is_wrong_usage()
    {
        var (code, _, error) = await RunAsync("--data", _rig.Database.Folder, "--from", "soon");
        Assert.Equal(2, code);
        Assert.Contains("'soon' is no date", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_database_is_one_line()
    {
        var folder = Directory.CreateTempSubdirectory("usage-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "gateway.db"), new string('x', 8192));
        var (code, _, error) = await RunAsync("--data", folder);
        Assert.Equal(1, code);
        Assert.Contains("is damaged", error, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    public void Dispose() => _rig.Dispose();

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var root = new RootCommand { UsageCommand.Create(output: () => output, time: ReportRig.Time) };
        var code = await root.Parse(["usage", .. arguments]).InvokeAsync(new InvocationConfiguration { Error = error, Output = error });
        return (code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }
}
