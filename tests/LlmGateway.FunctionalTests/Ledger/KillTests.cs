using System.Collections.Concurrent;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Simulator;

namespace LlmGateway.FunctionalTests.Ledger;

/// <summary>Nothing billed is lost: the gateway is killed under load, again and again, on one data folder.</summary>
[Collection(Heavy.Name)]
public sealed class KillTests : IAsyncLifetime, IDisposable
{
    private const int Kills = 20;
    private const int Clients = 16;
    private const int Seed = 20261123;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly CancellationTokenSource _patience = new(Patience);
    private readonly ConcurrentBag<string> _completed = [];
    private readonly TestConfiguration _configuration = new();
    private SimulatorHost _simulator = null!;
    private int _lastId;

    public async Task InitializeAsync()
    {
        _simulator = await SimulatorHost.StartAsync(new SimulatorOptions
        {
            AnyModel = true,
            OutputTokens = 24,
            FirstTokenDelay = TimeSpan.FromMilliseconds(2),
            TokenDelay = TimeSpan.FromMilliseconds(1),
            RequestLogCapacity = 1_000_000,
            RequestLogBodyBytes = 0,
        });
        _configuration.WithUpstream(_simulator.BaseAddress);
    }

    public async Task DisposeAsync() => await _simulator.DisposeAsync();

    public void Dispose()
    {
        _configuration.Dispose();
        _patience.Dispose();
    }

    [Fact]
    public async Task Killed_under_load_twenty_times_the_ledger_has_every_exchange_once_and_what_was_in_flight_as_estimated()
    {
        var random = new Random(Seed);
        var recovered = 0.0;
        for (var kill = 0; kill < Kills; kill++)
        {
            using var gateway = await GatewayProcess.StartAsync(_configuration, _patience.Token);
            recovered += await RecoveredAsync(gateway.Client);
            await LoadUntilKilledAsync(gateway, random.Next(1, 120));
        }

        await using (var last = await TestGateway.StartAsync(_configuration))
        {
            recovered += await RecoveredAsync(last.Client);
            Check(last.Rows(), recovered);
        }

        Assert.Empty(Directory.EnumerateFiles(_configuration.DataFolder, "intents*"));
    }

    private void Check(IReadOnlyList<IDictionary<string, object?>> rows, double recovered)
    {
        Assert.Equal(rows.Count, rows.Select(row => (row["operation_id"], row["attempt"])).Distinct().Count());
        Assert.Equal(rows.Count, rows.Select(row => row["request_id"]).Distinct().Count());
        var byId = rows.ToDictionary(row => (string)row["request_id"]!);

        Assert.NotEmpty(_completed);
        Assert.All(_completed, id => Assert.Null(byId[id]["error_class"]));
        Assert.All(_simulator.Requests.Snapshot(), request => Assert.Contains(request.Header("x-client-request-id")!, byId.Keys));

        var interrupted = rows.Where(row => (string?)row["error_class"] == "interrupted").ToList();
        Assert.Equal(recovered, interrupted.Count);
        Assert.NotEmpty(interrupted);
        Assert.All(interrupted, row =>
        {
            Assert.Equal("estimated", row["usage_source"]);
            Assert.Equal("estimated", row["price_status"]);
            Assert.True((long)row["input_tokens"]! > 0);
            Assert.NotNull(row["cost"]);
            Assert.NotNull(row["finished_at"]);
        });
        Assert.Contains(interrupted, row => (long)row["output_tokens"]! > 0);
    }

    /// <summary>Kills it when so many exchanges have been seen to complete: at whatever instant that finds the others.</summary>
    private async Task LoadUntilKilledAsync(GatewayProcess gateway, int after)
    {
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = after;
        var clients = Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            while (await TryExchangeAsync(gateway.Client, stream: client % 2 == 0))
            {
                if (Interlocked.Decrement(ref left) == 0)
                {
                    enough.SetResult();
                }
            }
        })).ToList();
        await enough.Task.WaitAsync(_patience.Token);
        await gateway.KillAsync();
        await Task.WhenAll(clients).WaitAsync(_patience.Token);
    }

    /// <summary>False once the gateway is gone.</summary>
    private async Task<bool> TryExchangeAsync(HttpClient client, bool stream)
    {
        var id = $"kill-{Interlocked.Increment(ref _lastId)}";
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions")
        {
            Content = new StringContent(TestGateway.ChatBody(stream ? "\"stream\":true" : "", "down"), null, "application/json"),
            Headers = { { "x-request-id", id }, { "x-client-request-id", id } },
        };
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _patience.Token);
            var text = await response.Content.ReadAsStringAsync(_patience.Token);
            Assert.True(response.IsSuccessStatusCode, text);
            if (!stream || text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal))
            {
                Assert.NotEmpty(response.Headers.GetValues("x-gateway-operation-id"));
                _completed.Add(id);
            }

            return true;
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return false;
        }
    }

    private async Task<double> RecoveredAsync(HttpClient client)
    {
        var scrape = new Scrape(await client.GetStringAsync(new Uri("metrics", UriKind.Relative), _patience.Token));
        Assert.Equal(0, scrape.Sum("llmgateway_ledger_recovered_total", "state=\"torn\""));
        return scrape.Sum("llmgateway_ledger_recovered_total", "state=\"intent\"");
    }
}
