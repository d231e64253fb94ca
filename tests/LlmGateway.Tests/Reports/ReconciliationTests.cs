using System.Globalization;
using System.Text;
using LlmGateway.Reports;
using LlmGateway.Reports.Reconciliation;

namespace LlmGateway.Tests.Reports;

/// <summary>Invoices that agree with the ledger, and ones that do not: what is found, and what is said of it.</summary>
public sealed class ReconciliationTests : IDisposable
{
    private static readonly string Mappings = Path.Combine(SourceTree.Root, "config", "reconcile");

    private readonly ReportRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_quarter_more_in_one_model_is_found_and_explained_with_the_rows_behind_it()
    {
        Book("deepseek-flash", requests: 100, input: 1000, output: 200, cost: 0.01m);
        Book("deepseek-pro", requests: 10, input: 500, output: 100, cost: 0.02m);

        // 25 % more tokens of one model, at the same price and for as many requests.
        var found = await RunAsync("focus", Focus(("deepseek-flash", "input", 125_000, 0.9375m), ("deepseek-flash", "output", 25_000, 0.3125m), ("deepseek-pro", "input", 5_000, 0.15m), ("deepseek-pro", "output", 1_000, 0.05m)));

        var drift = Assert.Single(found.Drifts);
        Assert.Equal(("2026-11-23", "deepseek-flash", DriftCause.TokensCountedDifferently), (drift.Day, drift.Model, drift.Cause));
        Assert.Equal(0.2m, drift.Share);
        Assert.Contains("input: 100000 here, 125000 there", drift.Explanation, StringComparison.Ordinal);
        Assert.Equal(20, drift.Rows.Count);
        Assert.All(drift.Rows, static row => Assert.Equal(1000, row.InputTokens));
        Assert.Equal(2, found.Cells.Count);
        Assert.Contains("1 of 2 models and days differ", ReconciliationView.Of(found).Sentence(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_agrees_within_the_tolerance_is_no_drift()
    {
        Book("m", requests: 100, input: 1000, output: 200, cost: 0.01m);

        Assert.Empty((await RunAsync("focus", Focus(("m", "input", 100_900, 0.9m), ("m", "output", 20_000, 0.1m)))).Drifts);
        Assert.NotEmpty((await RunAsync("focus", Focus(("m", "input", 100_900, 0.9m), ("m", "output", 20_000, 0.1m)), tolerance: 0.001m)).Drifts);
    }

    [Theory]
    [InlineData(90, 90_000, 18_000, "MissingRequests", "The gateway counts 10 requests more")]
    [InlineData(110, 110_000, 22_000, "MissingRequests", "The provider counts 10 requests more")]
    [InlineData(100, 100_000, 25_000, "TokensCountedDifferently", "output: 20000 here, 25000 there")]
    public async Task Counts_of_requests_and_tokens_tell_what_is_missing(int requests, int input, int output, string cause, string words)
    {
        Book("m", requests: 100, input: 1000, output: 200, cost: 0.01m);

        var found = await RunAsync("openai-usage", $$"""
            {"data":[{"start_time":1795392000,"results":[{"model":"m","num_model_requests":{{requests}},"input_tokens":{{input}},"input_cached_tokens":0,"output_tokens":{{output}}}]}]}
            """);

        var drift = Assert.Single(found.Drifts);
        Assert.Equal(cause, drift.Cause.ToString());
        Assert.Contains(words, drift.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_price_spend_past_the_gateway_and_what_is_not_billed_are_told_apart()
    {
        Book("dear", requests: 10, input: 1000, output: 0, cost: 0.01m);
        Book("unbilled", requests: 1, input: 10, output: 10, cost: 0.01m);

        var found = await RunAsync("focus", Focus(("dear", "input", 10_000, 0.2m), ("stranger", "input", 5, 1m)));

        Assert.Equal(
            [("dear", DriftCause.PriceDiffers), ("stranger", DriftCause.UnknownSpend), ("unbilled", DriftCause.NotBilled)],
            found.Drifts.Select(static drift => (drift.Model, drift.Cause)));
        Assert.Contains("charges 20 for a million tokens and the price book says 10", found.Drifts.First().Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Days_are_those_of_the_providers_time_zone()
    {
        // 2026-11-24 01:00 in Shanghai.
        Book("qwen-plus", requests: 1, input: 1000, output: 1000, cost: 0.01m, at: "2026-11-23T17:00:00.000000Z", currency: "CNY");

        var found = await RunAsync("dashscope-bill", "账单日期,规格,计费项,用量,应付金额,币种\n2026-11-24,qwen-plus,输入tokens,1,0.004,CNY\n2026-11-24,qwen-plus,输出tokens,1,0.006,CNY\n");

        var cell = Assert.Single(found.Cells);
        Assert.Equal(("2026-11-24", DriftCause.None), (cell.Day, cell.Cause));
    }

    [Fact]
    public async Task Cached_and_written_tokens_are_counted_as_each_vendor_counts_them()
    {
        Book("claude", requests: 1, input: 1000, output: 100, cost: 0.01m, cached: 300, written: 200);

        Assert.Empty((await RunAsync("anthropic-usage", """
            {"data":[{"starting_at":"2026-11-23T00:00:00Z","results":[{"model":"claude","uncached_input_tokens":500,"cache_read_input_tokens":300,
             "cache_creation":{"ephemeral_5m_input_tokens":150,"ephemeral_1h_input_tokens":50},"output_tokens":100}]}]}
            """)).Drifts);
        Assert.Empty((await RunAsync("openai-usage", """{"data":[{"start_time":1795392000,"results":[{"model":"claude","num_model_requests":1,"input_tokens":800,"input_cached_tokens":300,"output_tokens":100}]}]}""", tolerance: 0.2m)).Drifts);
    }

    [Fact]
    public async Task A_line_item_is_split_into_model_and_meter()
    {
        Book("gpt-4o", requests: 1, input: 1000, output: 100, cost: 0.01m);

        var found = await RunAsync("openai-costs", "start_time_iso,amount_value,amount_currency,line_item\n2026-11-23T00:00:00+00:00,0.004,usd,\"gpt-4o, input\"\n2026-11-23T00:00:00+00:00,0.006,usd,\"gpt-4o, output\"\n");

        Assert.Equal((1, 2), (found.Cells.Count, found.Records));
        Assert.Empty(found.Drifts);
    }

    [Theory]
    [InlineData("focus", "a,b\n1,2\n", "record 1 has no model: looked for ResourceName, SkuId, ServiceName among a, b")]
    [InlineData("focus", "ChargePeriodStart,ResourceName,BilledCost\nyesterday,m,1\n", "record 1: day is 'yesterday'")]
    [InlineData("focus", "ChargePeriodStart,ResourceName,BilledCost\n2026-11-23,m,much\n", "record 1: cost is 'much', which is not a number")]
    [InlineData("focus", "ChargePeriodStart,ResourceName\n", "the export has no record")]
    [InlineData("openai-usage", "{\"data\":3}", "the export has no array 'data'")]
    [InlineData("openai-usage", "{\"data\":", "the export is no JSON")]
    public async Task An_export_that_is_not_what_the_mapping_says_is_refused_with_the_place(string mapping, string export, string expected)
    {
        var error = await Assert.ThrowsAsync<ReconciliationException>(() => RunAsync(mapping, export));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_mapping_that_is_shipped_reads_and_a_mistake_in_one_is_named_with_its_line()
    {
        Assert.All(Directory.GetFiles(Mappings, "*.yaml"), static file => Mapping.Read(file));
        var path = Path.Combine(Path.GetTempPath(), $"mapping-{Guid.NewGuid():N}.yaml");
        File.WriteAllText(path, "format: csv\ncolumns:\n  day: [d]\n  modle: [m]\n");

        var error = Assert.Throws<ReconciliationException>(() => Mapping.Read(path));

        File.Delete(path);
        Assert.Contains(":4:3: columns: 'modle' is not a setting: did you mean 'model'?", error.Message, StringComparison.Ordinal);
    }

    private static string Focus(params (string Model, string Meter, long Quantity, decimal Cost)[] charges) =>
        "ChargePeriodStart,ResourceName,SkuMeter,ConsumedQuantity,BilledCost,BillingCurrency\n"
        + string.Concat(charges.Select(static charge => string.Create(CultureInfo.InvariantCulture, $"2026-11-23T00:00:00Z,{charge.Model},{charge.Meter} tokens,{charge.Quantity},{charge.Cost},USD\n")));

    private void Book(string model, int requests, long input, long output, decimal cost, string at = "2026-11-23T12:00:00.000000Z", string currency = "USD", long cached = 0, long written = 0) =>
        _rig.Book(Enumerable.Range(0, requests).Select(_ => new BookedRow
        {
            Provider = "vendor",
            ModelAnswered = model,
            Input = input,
            Output = output,
            CachedInput = cached,
            CacheWrite = written,
            Cost = cost,
            Currency = currency,
            StartedAt = at,
        }));

    private Task<Reconciliation> RunAsync(string mapping, string export, decimal tolerance = 0.01m) =>
        new Reconciler(new UsageLedger(_rig.Database, postgres: null), new DriftRows(_rig.Database, postgres: null)).RunAsync(
            "vendor", Mapping.Read(Path.Combine(Mappings, mapping + ".yaml")), new MemoryStream(Encoding.UTF8.GetBytes(export)), tolerance, CancellationToken.None);
}
