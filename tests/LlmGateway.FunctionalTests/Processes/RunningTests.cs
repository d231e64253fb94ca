using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Processes;

/// <summary>What an operator does beside a gateway that runs.</summary>
public sealed class RunningTests : IAsyncLifetime
{
    /// <summary>The promise is one second, kept by the interval of the key watcher; the machine that tests may be busy with others for much longer.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly TestConfiguration _configuration = new();
    private readonly HttpClient _client = new();
    private ChildGateway _gateway = null!;

    private string Folder => Path.GetDirectoryName(_configuration.GatewayYaml)!;

    public async Task InitializeAsync()
    {
        _gateway = await ChildGateway.ServeAsync(Folder, ["--config", _configuration.GatewayYaml, "--data", _configuration.DataFolder], ("LLMGATEWAY_ADMIN_KEY", TestConfiguration.AdminKey));
        _client.BaseAddress = _gateway.Address;
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
        _configuration.Dispose();
    }

    [Fact]
    public async Task A_key_from_the_command_line_works_is_rotated_and_is_revoked_beside_a_running_gateway()
    {
        var made = await RunAsync("keys", "create", "--tenant", "acme", "--project", "search", "--name", "cli", "--routes", "chat");
        var secret = made.Output;
        Assert.Matches(@"^sk-\S{40,}$", secret);
        await ExpectSoonAsync(secret, HttpStatusCode.OK);

        var listed = JsonDocument.Parse((await RunAsync("keys", "list", "--format", "json")).Output).RootElement.EnumerateArray().ToList();
        var key = Assert.Single(listed, key => key.GetProperty("name").GetString() == "cli");
        var id = key.GetProperty("id").GetString()!;
        Assert.Equal("active", key.GetProperty("status").GetString());
        Assert.DoesNotContain(secret, (await RunAsync("keys", "list")).Output, StringComparison.Ordinal);

        var second = (await RunAsync("keys", "rotate", id, "--grace", "1h")).Output;
        await ExpectSoonAsync(second, HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(secret));

        var third = (await RunAsync("keys", "rotate", id)).Output;
        await ExpectSoonAsync(second, HttpStatusCode.Unauthorized);
        await ExpectSoonAsync(third, HttpStatusCode.OK);

        await RunAsync("keys", "revoke", id);
        await ExpectSoonAsync(third, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task What_was_used_is_reported_while_the_gateway_runs()
    {
        for (var i = 0; i < 3; i++)
        {
            using var answer = await SendAsync(HttpMethod.Post, "v1/chat/completions", TestConfiguration.Key, TestGateway.ChatBody());
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        var table = (await RunAsync("usage", "--group-by", "tenant,model")).Output;
        var csv = (await RunAsync("usage", "--group-by", "tenant,model", "--format", "csv")).Output.Split('\n');
        var json = JsonDocument.Parse((await RunAsync("usage", "--group-by", "tenant,model", "--format", "json")).Output).RootElement;

        var row = Assert.Single(json.GetProperty("rows").EnumerateArray());
        var cost = Assert.Single(row.GetProperty("cost").EnumerateArray());
        Assert.Equal(("acme", "sim-small", 3), (row.GetProperty("tenant").GetString(), row.GetProperty("model").GetString(), row.GetProperty("requests").GetInt32()));
        var expected = (row.GetProperty("input_tokens").GetInt64() + (4m * row.GetProperty("output_tokens").GetInt64())) / 1_000_000;
        Assert.Equal(expected, decimal.Parse(cost.GetProperty("amount").GetString()!, System.Globalization.CultureInfo.InvariantCulture));
        Assert.StartsWith("tenant,model,requests,", csv[0], StringComparison.Ordinal);
        Assert.StartsWith("acme,sim-small,3,", csv[1], StringComparison.Ordinal);
        Assert.Contains(cost.GetProperty("amount").GetString()!, csv[1], StringComparison.Ordinal);
        Assert.Contains("acme", table, StringComparison.Ordinal);
        Assert.Contains("sim-small", table, StringComparison.Ordinal);
        Assert.Contains("USD", table, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hang_up_reads_the_configuration_again_and_a_bad_one_changes_nothing()
    {
        var good = _configuration.Read();
        _configuration.Write(good.Replace("  chat: {", "  late: { deployments: [sim/smal], policy: prioritee }\n  chat: {", StringComparison.Ordinal));
        _gateway.Signal(PosixSignal.SIGHUP);
        await WaitForConfigAsync(config => config.GetProperty("last_reload").GetProperty("result").GetString() == "rejected" && Errors(config) == 2);
        await _gateway.WaitForLineAsync(line => line.Contains("The changed configuration is refused for 2 errors; version 1 stays in force", StringComparison.Ordinal));

        await WaitForMetricAsync("llmgateway_config_reloads_total{result=\"rejected\"} ");
        Assert.DoesNotContain("\"late\"", await TextAsync("v1/models", TestConfiguration.Key), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(TestConfiguration.Key));

        _configuration.Write(good.Replace("  chat: {", "  late: { deployments: [sim/small] }\n  chat: {", StringComparison.Ordinal));
        _gateway.Signal(PosixSignal.SIGHUP);
        await WaitForConfigAsync(config => config.GetProperty("version").GetInt32() == 2);

        Assert.Contains("\"late\"", await TextAsync("v1/models", TestConfiguration.Key), StringComparison.Ordinal);
        await WaitForMetricAsync("llmgateway_config_reloads_total{result=\"applied\"} 1\n");
    }

    private async Task<Ended> RunAsync(params string[] command)
    {
        var ended = await ChildGateway.RunAsync(Folder, [.. command, "--config", _configuration.GatewayYaml, "--data", _configuration.DataFolder]);
        Assert.True(ended.ExitCode == 0, ended.Error);
        return ended;
    }

    private async Task ExpectSoonAsync(string key, HttpStatusCode wanted)
    {
        var clock = Stopwatch.StartNew();
        while (await StatusAsync(key) != wanted)
        {
            Assert.True(clock.Elapsed < Soon, $"not {wanted} after {clock.Elapsed}");
        }
    }

    private async Task<HttpStatusCode> StatusAsync(string key)
    {
        using var answer = await SendAsync(HttpMethod.Get, "v1/models", key);
        return answer.StatusCode;
    }

    /// <summary>The file watcher may be quicker than the signal, so the state is waited for, and not the signal.</summary>
    private async Task<JsonElement> WaitForConfigAsync(Func<JsonElement, bool> wanted)
    {
        JsonElement config;
        do
        {
            config = JsonDocument.Parse(await TextAsync("admin/v1/config", TestConfiguration.AdminKey)).RootElement;
        }
        while (!wanted(config));

        return config;
    }

    private static int Errors(JsonElement config) =>
        config.GetProperty("last_reload").GetProperty("problems").EnumerateArray().Count(problem => problem.GetProperty("severity").GetString() == "error");

    /// <summary>A reload is counted after it is in force.</summary>
    private async Task WaitForMetricAsync(string line)
    {
        while (!(await TextAsync("metrics", null)).Contains(line, StringComparison.Ordinal))
        {
            _gateway.Soon.ThrowIfCancellationRequested();
        }
    }

    private async Task<string> TextAsync(string path, string? key)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, key);
        return await answer.Content.ReadAsStringAsync(_gateway.Soon);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await _client.SendAsync(request, _gateway.Soon);
    }
}
