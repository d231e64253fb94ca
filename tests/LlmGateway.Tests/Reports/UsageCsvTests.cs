namespace LlmGateway.Tests.Reports;

public sealed class UsageCsvTests : IDisposable
{
    private readonly ReportRig _rig = new();

    [Theory]
    [InlineData("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\tx", "'\tx")]
    [InlineData("a=b", "a=b")]
    [InlineData("a,\"b\"\r\nc", "a,\"b\"\r\nc")]
    public async Task A_cell_that_a_spreadsheet_would_run_is_text(string user, string expected)
    {
        _rig.Book(new BookedRow { User = user, Currency = "USD", Cost = -1.5m, CacheSaving = -0.5m });
        var csv = await _rig.CsvAsync(ReportRig.Query(("group_by", "user")));
        Assert.Equal(expected, csv[1][0]);
        Assert.Equal(["-1.500000000", "USD", "-0.500000000", ""], csv[1][^4..]);
    }

    [Fact]
    public async Task Each_currency_has_a_row_with_the_figures_billed_in_it()
    {
        _rig.Book(
            new BookedRow { Input = 1, Currency = "USD", Cost = 1m },
            new BookedRow { Input = 10, Currency = "CNY", Cost = 2m, CacheSaving = 0.25m },
            new BookedRow { Currency = "CNY", Cost = 0m, Cause = "cache", CacheStatus = "hit", CacheSaving = 0.75m, Saved = (11, 12, 1300) },
            new BookedRow { Input = 100 });
        Assert.Equal(
            """
            tenant,requests,attempts,errors,cache_hits,input_tokens,cached_input_tokens,cache_write_tokens,output_tokens,reasoning_tokens,unpriced_attempts,estimated_attempts,saved_input_tokens,saved_output_tokens,saved_ms,cost,currency,cache_saving,answers_saved
            acme,1,1,0,0,100,0,0,0,0,1,0,0,0,0,,,,
            acme,2,1,0,1,10,0,0,0,0,0,0,11,12,1300,2.000000000,CNY,0.250000000,0.750000000
            acme,1,1,0,0,1,0,0,0,0,0,0,0,0,0,1.000000000,USD,,

            """.ReplaceLineEndings("\r\n"),
            await _rig.CsvTextAsync(ReportRig.Query(("group_by", "tenant"))));
    }

    [Fact]
    public async Task Ten_thousand_groups_are_written_as_they_come()
    {
        _rig.Book(Enumerable.Range(0, 10_000).Select(number => new BookedRow { User = $"user-{number:D5}" }));
        var csv = await _rig.CsvAsync(ReportRig.Query(("group_by", "user")));
        Assert.Equal(10_001, csv.Count);
        var json = await _rig.JsonAsync(ReportRig.Query(("group_by", "user")));
        Assert.Equal(csv.Skip(1).Select(row => row[0]), json.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("user").GetString()));
    }

    public void Dispose() => _rig.Dispose();
}
