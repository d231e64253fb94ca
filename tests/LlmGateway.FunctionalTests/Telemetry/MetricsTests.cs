using System.Globalization;
using LlmGateway.Configuration;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Gateway;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.FunctionalTests.Telemetry;

public sealed class MetricsTests : IAsyncLifetime
{
    private readonly TestConfiguration _configuration = new(new Dictionary<string, string>
    {
        ["context"] = "status=400,code=context_length_exceeded",
        ["rate"] = "status=429",
        ["cut"] = "cut=6",
        ["hang"] = "hang",
    });

    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync(_configuration, configure: services => services.AddSingleton<IRoom, FailingRoom>());

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        _configuration.Dispose();
    }

    [Fact]
    public async Task Every_figure_is_what_was_done()
    {
        var requests = await DoSomethingOfEverythingAsync();
        _gateway.Host.Services.GetRequiredService<ConfigurationReloader>().Reload();
        var page = await MetricsPage.ReadAfterAsync(_gateway, requests.Values.Sum());
        var rows = _gateway.Rows();

        Assert.Equal(requests, page.By("llmgateway_requests_total", "endpoint", "route", "status", "fault").ToDictionary(series => series.Key, series => (int)series.Value));
        Assert.Equal(
            new SortedDictionary<string, double>(StringComparer.Ordinal)
            {
                ["nobody/model primary bad_gateway"] = 1,
                ["sim/context primary context_length"] = 1,
                ["sim/cut primary bad_gateway"] = 1,
                ["sim/embedding primary succeeded"] = 1,
                ["sim/hang primary cancelled"] = 1,
                ["sim/rate primary rate_limit"] = 1,
                ["sim/small primary succeeded"] = 3,
                ["sim/unpriced primary succeeded"] = 1,
            },
            page.By("llmgateway_attempts_total", "deployment", "cause", "outcome"));
        Assert.Equal(Tokens(rows), page.By("llmgateway_tokens_total", "deployment", "kind", "tenant"));
        Assert.Equal(Costs(rows), page.By("llmgateway_cost_total", "tenant", "currency").ToDictionary(series => series.Key, series => Math.Round((decimal)series.Value, 9)));
        Assert.Equal(requests.Values.Sum(), page.Only("llmgateway_request_duration_seconds_count"));
        Assert.Equal(6, page.Only("llmgateway_overhead_seconds_count"));
        Assert.Equal(["sim/cut 1", "sim/small 1"], page.By("llmgateway_time_to_first_token_seconds_count", "deployment").Select(series => $"{series.Key} {series.Value}"));
        Assert.Equal(["sim/cut 1", "sim/small 1"], page.By("llmgateway_time_per_output_token_seconds_count", "deployment").Select(series => $"{series.Key} {series.Value}"));
        Assert.Equal(rows.Count, page.Only("llmgateway_ledger_rows_total"));
        Assert.InRange(page.Only("llmgateway_ledger_commit_seconds_count"), 1, rows.Count);
        Assert.Equal(0, page.Only("llmgateway_ledger_queue"));
        Assert.Equal("unchanged 1", Assert.Single(page.By("llmgateway_config_reloads_total", "result").Select(series => $"{series.Key} {series.Value}")));
        Assert.NotEmpty(page.By("llmgateway_in_flight", "route"));
        Assert.All(page.Of("llmgateway_in_flight"), series => Assert.Equal(0, series.Value));
    }

    [Fact]
    public async Task Every_metric_has_the_name_and_the_type_of_the_contract()
    {
        var requests = await DoSomethingOfEverythingAsync();
        _gateway.Host.Services.GetRequiredService<ConfigurationReloader>().Reload();
        var page = await MetricsPage.ReadAfterAsync(_gateway, requests.Values.Sum());

        foreach (var name in new[] { "requests_total", "attempts_total", "tokens_total", "cost_total", "config_reloads_total", "ledger_rows_total" })
        {
            Assert.Equal("counter", page.Types[$"llmgateway_{name}"]);
        }

        foreach (var name in new[] { "request_duration_seconds", "time_to_first_token_seconds", "time_per_output_token_seconds", "overhead_seconds", "ledger_commit_seconds" })
        {
            Assert.Equal("histogram", page.Types[$"llmgateway_{name}"]);
        }

        foreach (var name in new[] { "in_flight", "ledger_queue" })
        {
            Assert.Equal("gauge", page.Types[$"llmgateway_{name}"]);
        }

        Assert.All(page.Types.Keys.Where(name => name.StartsWith("llmgateway", StringComparison.Ordinal)), name => Assert.DoesNotContain("llmgateway_llmgateway", name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_under_way_is_in_flight()
    {
        using var leave = new CancellationTokenSource();
        var hanging = LeaveAsync(leave);
        await _gateway.Simulator.Requests.WaitAsync(request => request.Model == "sim-small!hang", _gateway.Soon);

        Assert.Equal(1, (await MetricsPage.ReadAsync(_gateway)).By("llmgateway_in_flight", "route")["hang"]);
        await leave.CancelAsync();
        await hanging;
        Assert.Equal(0, (await MetricsPage.ReadAfterAsync(_gateway, 1)).By("llmgateway_in_flight", "route")["hang"]);
    }

    [Fact]
    public async Task Nothing_that_a_caller_makes_up_becomes_a_series()
    {
        const int Requests = 2_000;
        const int Kinds = 6;
        for (var i = 0; i < Kinds; i++)
        {
            await MakeUpAsync(i);
        }

        // The unknown path is in no pipeline, so it is not counted.
        var before = await MetricsPage.ReadAfterAsync(_gateway, Kinds - 1);
        await Parallel.ForEachAsync(Enumerable.Range(Kinds, Requests), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) => await MakeUpAsync(i));
        var counted = Enumerable.Range(0, Kinds + Requests).Count(i => i % Kinds != 2);
        var after = await MetricsPage.ReadAfterAsync(_gateway, counted);

        Assert.Equal(before.Names.Order(), after.Names.Order());
        Assert.Equal(counted, after.Of("llmgateway_requests_total").Sum(series => series.Value));
    }

    private static SortedDictionary<string, double> Tokens(IReadOnlyList<IDictionary<string, object?>> rows)
    {
        var sums = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            foreach (var kind in new[] { "input", "cached_input", "cache_write", "output", "reasoning" })
            {
                if (row[$"{kind}_tokens"] is long and > 0 and var count)
                {
                    var key = $"{row["deployment"]} {kind} {row["tenant"]}";
                    sums[key] = sums.GetValueOrDefault(key) + count;
                }
            }
        }

        return sums;
    }

    private static Dictionary<string, decimal> Costs(IReadOnlyList<IDictionary<string, object?>> rows) => rows
        .Where(row => row["cost"] is string)
        .GroupBy(row => $"{row["tenant"]} {row["currency"]}", row => decimal.Parse((string)row["cost"]!, CultureInfo.InvariantCulture))
        .ToDictionary(group => group.Key, group => group.Sum());

    /// <summary>A mixture that has every endpoint and every fault domain.</summary>
    /// <returns>What the metric of requests must show.</returns>
    private async Task<Dictionary<string, int>> DoSomethingOfEverythingAsync()
    {
        await StatusAsync(_gateway.ChatAsync());
        await StatusAsync(_gateway.ChatAsync());
        await _gateway.StreamAsync();
        await StatusAsync(_gateway.PostAsync("v1/embeddings", """{"model":"embed","input":["one","two"]}"""));
        await StatusAsync(_gateway.ChatAsync(model: "free"));
        await StatusAsync(_gateway.Client.GetAsync(new Uri("v1/models", UriKind.Relative), _gateway.Soon));
        await StatusAsync(_gateway.PostAsync("v1/chat/completions", "{"));
        await StatusAsync(_gateway.ChatAsync(with: request => request.Headers.Authorization = new("Bearer", "sk-nobody-knows-this-one-at-all")));
        await StatusAsync(_gateway.ChatAsync(model: "absent"));
        await StatusAsync(_gateway.ChatAsync(model: "context"));
        await StatusAsync(_gateway.ChatAsync(model: "strict"));
        await StatusAsync(_gateway.ChatAsync(model: "locked"));
        await StatusAsync(_gateway.ChatAsync(model: "down"));
        await StatusAsync(_gateway.ChatAsync(model: "rate"));
        await _gateway.StreamAsync(model: "cut");
        await StatusAsync(_gateway.ChatAsync(with: request => request.Headers.Add(FailingRoom.Header, "1")));
        using var leave = new CancellationTokenSource();
        var hanging = LeaveAsync(leave);
        await _gateway.Simulator.Requests.WaitAsync(request => request.Model == "sim-small!hang", _gateway.Soon);
        await leave.CancelAsync();
        await hanging;
        return new Dictionary<string, int>
        {
            ["chat.completions chat 200 none"] = 3,
            ["chat.completions context 400 caller"] = 1,
            ["chat.completions cut 200 provider"] = 1,
            ["chat.completions down 502 provider"] = 1,
            ["chat.completions free 200 none"] = 1,
            ["chat.completions hang 499 caller"] = 1,
            ["chat.completions locked 503 policy"] = 1,
            ["chat.completions other 400 caller"] = 1,
            ["chat.completions other 401 caller"] = 1,
            ["chat.completions other 404 caller"] = 1,
            ["chat.completions other 500 gateway"] = 1,
            ["chat.completions rate 429 provider"] = 1,
            ["chat.completions strict 403 policy"] = 1,
            ["embeddings embed 200 none"] = 1,
            ["models other 200 none"] = 1,
        };
    }

    private async Task LeaveAsync(CancellationTokenSource leave)
    {
        using var content = new StringContent(TestGateway.ChatBody(model: "hang"), System.Text.Encoding.UTF8, "application/json");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _gateway.Client.PostAsync(new Uri("v1/chat/completions", UriKind.Relative), content, leave.Token));
    }

    private Task MakeUpAsync(int i) => StatusAsync((i % 6) switch
    {
        0 => _gateway.ChatAsync($"\"user\":\"user-{i}\",\"metadata\":{{\"tag-{i}\":\"{i}\"}}", with: request =>
        {
            request.Headers.Add("x-gateway-tags", $"team-{i}=value-{i}");
            request.Headers.Add("x-request-id", $"request-{i}");
        }),
        1 => _gateway.ChatAsync(model: $"model-{i}"),
        2 => _gateway.PostAsync($"v1/path-{i}", "{}"),
        3 => _gateway.ChatAsync(with: request => request.Headers.Authorization = new("Bearer", $"sk-made-up-key-of-nobody-{i}")),
        4 => _gateway.PostAsync("v1/chat/completions", $$"""{"model":"chat-{{i}}","messages":{{i}}"""),
        _ => _gateway.Client.GetAsync(new Uri($"v1/models/model-{i}", UriKind.Relative), _gateway.Soon),
    });

    private static async Task StatusAsync(Task<HttpResponseMessage> answering)
    {
        using var answer = await answering;
    }

    /// <summary>A defect, for a request that asks for one.</summary>
    private sealed class FailingRoom : IRoom
    {
        public const string Header = "x-test-defect";

        public string Name => "failing";

        public ValueTask<GatewayError?> EnterAsync(Exchange exchange) =>
            exchange.Http.Request.Headers.ContainsKey(Header) ? throw new InvalidOperationException("a defect") : default;
    }
}
