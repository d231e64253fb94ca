using System.Diagnostics;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Dapper;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Storage;
using Xunit.Abstractions;

namespace LlmGateway.FunctionalTests.Processes;

public sealed class StartTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_fresh_clone_starts_says_what_it_is_and_answers_the_demo_key()
    {
        using var checkout = new Checkout();
        var clock = Stopwatch.StartNew();
        await using var gateway = await ChildGateway.ServeAsync(checkout.Root, ["--urls", "http://127.0.0.1:0"], ("DEEPSEEK_API_KEY", "sk-any"));
        using var client = new HttpClient { BaseAddress = gateway.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "sk-demo");

        using var answer = await client.PostAsync("v1/chat/completions", new StringContent(TestGateway.ChatBody(), Encoding.UTF8, "application/json"), gateway.Soon);
        output.WriteLine($"start to first answer: {clock.ElapsedMilliseconds} ms");
        await gateway.WaitForLineAsync(line => line.Contains("demo key", StringComparison.Ordinal));

        Assert.True(answer.IsSuccessStatusCode);
        var at = gateway.Address.AbsoluteUri.TrimEnd('/');
        var said = gateway.Output;
        Assert.Contains($"  listening   {at}\n", said, StringComparison.Ordinal);
        Assert.Contains($"  base URL    {at}/v1\n", said, StringComparison.Ordinal);
        Assert.Contains($"  metrics     {at}/metrics\n", said, StringComparison.Ordinal);
        Assert.Contains($"{at}/admin/v1/openapi.json", said, StringComparison.Ordinal);
        Assert.Contains(checkout.InFolder("data", "admin.key"), said, StringComparison.Ordinal);
        Assert.Contains("  docs        README.md", said, StringComparison.Ordinal);
        Assert.Contains("  providers   ready: deepseek, simulator (in process)\n", said, StringComparison.Ordinal);
        Assert.Contains("without a credential: gemini, mistral, moonshot, openai, openrouter, qwen, volcengine, zhipu\n", said, StringComparison.Ordinal);
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task What_it_generates_is_for_the_eyes_of_its_owner_only()
    {
        using var checkout = new Checkout();
        await using var gateway = await ChildGateway.ServeAsync(checkout.Root, ["--urls", "http://127.0.0.1:0"]);

        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(checkout.InFolder("data", "admin.key")));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(checkout.InFolder("data", "key-hash.secret")));
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(checkout.InFolder("data")));
    }

    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    public async Task A_stream_in_flight_is_finished_before_the_process_ends(PosixSignal signal)
    {
        // Longer than the two seconds that a command is given by default.
        using var configuration = new TestConfiguration(new Dictionary<string, string> { ["slow"] = "pace=100ms,tokens=32" });
        var folder = Path.GetDirectoryName(configuration.GatewayYaml)!;
        await using var gateway = await ChildGateway.ServeAsync(folder, ["--config", configuration.GatewayYaml, "--data", configuration.DataFolder]);
        using var client = new HttpClient { BaseAddress = gateway.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestConfiguration.Key);
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions")
        {
            Content = new StringContent(TestGateway.ChatBody("\"stream\":true", "slow"), Encoding.UTF8, "application/json"),
        };

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, gateway.Soon);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(gateway.Soon));
        await reader.ReadLineAsync(gateway.Soon);
        gateway.Signal(signal);
        var rest = await reader.ReadToEndAsync(gateway.Soon);
        var ended = await gateway.EndAsync();

        Assert.EndsWith("data: [DONE]\n\n", rest, StringComparison.Ordinal);
        Assert.Equal(0, ended.ExitCode);
        Assert.Equal("", ended.Error);
        using var connection = new SqliteDatabase(configuration.DataFolder).OpenForReading();
        Assert.Equal("stop|measured|32", connection.QuerySingle<string>("SELECT finish_reason || '|' || usage_source || '|' || output_tokens FROM ledger"));
    }

    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    public async Task The_simulator_alone_serves_models_and_stops_when_it_is_told(PosixSignal signal)
    {
        await using var simulator = ChildGateway.Start(Path.GetTempPath(), ["simulate", "--urls", "http://127.0.0.1:0"]);
        var line = await simulator.WaitForLineAsync(line => line.StartsWith("Provider simulator on ", StringComparison.Ordinal));
        using var client = new HttpClient();

        var models = await client.GetStringAsync(line[(line.LastIndexOf(' ') + 1)..] + "/models", simulator.Soon);
        var clock = Stopwatch.StartNew();
        simulator.Signal(signal);
        var ended = await simulator.EndAsync();

        Assert.Contains("\"sim-small\"", models, StringComparison.Ordinal);
        Assert.Equal(0, ended.ExitCode);
        Assert.Equal("", ended.Error);

        // A host that somebody keeps from stopping gives up after 30 seconds.
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(25));
    }
}
