using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace LlmGateway.FunctionalTests.Hosting;

/// <summary>A Prometheus of one test, with the rules of <c>config/prometheus</c>, which reads one gateway each second.</summary>
internal sealed class PrometheusServer : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("prometheus-").FullName;
    private readonly Process _process;
    private readonly HttpClient _client;

    private PrometheusServer(Uri gateway, string rules)
    {
        var address = $"127.0.0.1:{StablePort.Next()}";
        var configuration = Path.Combine(_folder, "prometheus.yml");
        File.WriteAllText(configuration, $$"""
            global: { scrape_interval: 1s, evaluation_interval: 1s }
            rule_files: ["{{rules}}/recording.yml", "{{rules}}/alerts.yml"]
            scrape_configs: [ { job_name: llmgateway, static_configs: [ { targets: ["{{gateway.Authority}}"] } ] } ]
            """);
        _process = Process.Start(new ProcessStartInfo(
            "prometheus",
            [$"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(_folder, "data")}", $"--web.listen-address={address}", "--log.level=error"]))!;
        _client = new HttpClient { BaseAddress = new Uri($"http://{address}") };
    }

    public static async Task<PrometheusServer> StartAsync(Uri gateway, string rules, CancellationToken cancellation)
    {
        var server = new PrometheusServer(gateway, rules);
        try
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (!await server.IsReadyAsync(cancellation))
            {
                Assert.False(server._process.HasExited, "prometheus has ended");
                await timer.WaitForNextTickAsync(cancellation);
            }
        }
        catch
        {
            server.Dispose();
            throw;
        }

        return server;
    }

    /// <summary>Asks for the value of an expression now.</summary>
    /// <returns>How many series it has, and the error where it has one.</returns>
    public async Task<(int Series, string? Error)> AskAsync(string expression, CancellationToken cancellation)
    {
        using var answer = await _client.GetAsync($"/api/v1/query?query={Uri.EscapeDataString(expression)}", cancellation);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation));
        return json.RootElement.GetProperty("status").GetString() == "success"
            ? (json.RootElement.GetProperty("data").GetProperty("result").GetArrayLength(), null)
            : (0, json.RootElement.GetProperty("error").GetString());
    }

    /// <summary>Every name of a series that it knows, those of its rules included.</summary>
    public async Task<IReadOnlySet<string>> NamesAsync(CancellationToken cancellation)
    {
        using var json = JsonDocument.Parse(await _client.GetStringAsync("/api/v1/label/__name__/values", cancellation));
        return json.RootElement.GetProperty("data").EnumerateArray().Select(static name => name.GetString()!).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>How often it has read the gateway.</summary>
    public async Task<double> ReadingsAsync(CancellationToken cancellation)
    {
        using var json = JsonDocument.Parse(await _client.GetStringAsync("/api/v1/query?query=count_over_time(up[1h])", cancellation));
        var result = json.RootElement.GetProperty("data").GetProperty("result");
        return result.GetArrayLength() == 0 ? 0 : double.Parse(result[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        try
        {
            using var answer = await _client.GetAsync("/-/ready", cancellation);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
