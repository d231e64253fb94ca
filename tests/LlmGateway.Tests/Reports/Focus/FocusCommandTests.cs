using System.CommandLine;
using System.Text;
using LlmGateway.Reports.Focus;

namespace LlmGateway.Tests.Reports.Focus;

public sealed class FocusCommandTests : IDisposable
{
    private readonly FocusRig _rig = new();

    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    public async Task A_month_goes_to_a_file(string format)
    {
        Book();
        var file = Path.Combine(_rig.Ledger.Database.Folder, "export");
        var (code, output, error) = await RunAsync("--month", "2026-11", "--format", format, "--output", file);
        Assert.Equal((0, "", ""), (code, output, error));
        var content = await File.ReadAllBytesAsync(file);
        var row = Assert.Single((format == "csv" ? FocusExport.OfCsv(content) : await FocusExport.OfParquetAsync(content)).Rows);
        Assert.Equal(("acme", "eu-west-1"), (row["BillingAccountName"], row["RegionId"]));
    }

    [Fact]
    public async Task What_is_left_out_is_said_beside_the_export_and_not_in_it()
    {
        Book();
        _rig.Ledger.Book(new BookedRow { Input = 3 }, new BookedRow { Tenant = "beta", Input = 3, Currency = "USD", Cost = 1m });
        var (code, output, error) = await RunAsync("--from", "2026-11-23", "--to", "2026-11-24", "--tenant", "acme", "--tags", "team", "--bom");
        Assert.Equal(0, code);
        Assert.StartsWith("\uFEFFBilledCost,", output, StringComparison.Ordinal);
        Assert.Equal(2, output.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.StartsWith("1 attempts have no price", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_month_is_wrong_usage()
    {
        var (code, _, error) = await RunAsync("--month", "November");
        Assert.Equal(2, code);
        Assert.Contains("write 2026-11", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_one_line()
    {
        var (code, _, error) = await RunAsync("--output", Path.Combine(_rig.Ledger.Database.Folder, "none", "export"));
        Assert.Equal(1, code);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Where_there_is_no_ledger_no_file_is_made()
    {
        var file = Path.Combine(_rig.Ledger.Database.Folder, "export");
        var (code, _, error) = await RunAsync("--data", Path.Combine(_rig.Ledger.Database.Folder, "none"), "--output", file);
        Assert.Equal(1, code);
        Assert.Contains("there is no ledger in", error, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    public void Dispose() => _rig.Dispose();

    private void Book() => _rig.Ledger.Book(new BookedRow { Provider = "eu", Deployment = "eu/large", Input = 3, Currency = "USD", Cost = 1m });

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var root = new RootCommand { FocusCommand.Create(providers: static _ => FocusRig.Providers, output: () => output, time: ReportRig.Time) };
        string[] data = arguments.Contains("--data") ? [] : ["--data", _rig.Ledger.Database.Folder];
        var code = await root.Parse(["focus", .. arguments, .. data]).InvokeAsync(new InvocationConfiguration { Error = error, Output = error });
        return (code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }
}
