using System.Text;
using System.Text.Json;
using Dapper;
using LlmGateway.Configuration;
using LlmGateway.Simulator;
using LlmGateway.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.FunctionalTests.Hosting;

/// <summary>A gateway on a real port, with the simulator behind it and its ledger at hand, for one test.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly CancellationTokenSource _patience = new(Patience);
    private readonly bool _ownsConfiguration;

    private TestGateway(GatewayHost host, TestConfiguration configuration, bool ownsConfiguration)
    {
        Host = host;
        Configuration = configuration;
        _ownsConfiguration = ownsConfiguration;
        Client = new HttpClient { BaseAddress = new Uri(host.Addresses.First() + "/") };
        Client.DefaultRequestHeaders.Authorization = new("Bearer", TestConfiguration.Key);
    }

    public GatewayHost Host { get; }

    public TestConfiguration Configuration { get; }

    public SimulatorHost Simulator => Host.Simulator!;

    /// <summary>Carries the key of tenant acme.</summary>
    public HttpClient Client { get; }

    public Uri BaseUrl => new(Host.Addresses.First() + "/v1");

    /// <summary>Ends what hangs, so that a defect is a failure and not a wait.</summary>
    public CancellationToken Soon => _patience.Token;

    public static async Task<TestGateway> StartAsync(
        TestConfiguration? configuration = null, TimeProvider? time = null, Action<IServiceCollection>? configure = null)
    {
        var owned = configuration is null;
        configuration ??= new TestConfiguration();
        var paths = new GatewayPaths(configuration.GatewayYaml, configuration.DataFolder, []);
        var host = await GatewayHost.StartAsync(paths, time ?? TimeProvider.System, configure, CancellationToken.None);
        return new TestGateway(host, configuration, owned);
    }

    public async Task<HttpResponseMessage> PostAsync(
        string path, string json, HttpCompletionOption until = HttpCompletionOption.ResponseContentRead, Action<HttpRequestMessage>? with = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        with?.Invoke(request);
        return await Client.SendAsync(request, until, Soon);
    }

    public Task<HttpResponseMessage> ChatAsync(string more = "", string model = "chat", Action<HttpRequestMessage>? with = null) =>
        PostAsync("v1/chat/completions", ChatBody(more, model), with: with);

    public static string ChatBody(string more = "", string model = "chat") =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Say something about rivers."}]{{(more.Length > 0 ? "," + more : "")}}}""";

    public async Task<List<string>> StreamAsync(string more = "", string model = "chat")
    {
        using var response = await PostAsync("v1/chat/completions", ChatBody("\"stream\":true" + (more.Length > 0 ? "," + more : ""), model));
        var text = await response.Content.ReadAsStringAsync(Soon);
        Assert.True(response.IsSuccessStatusCode, text);
        return [.. text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(frame => frame.StartsWith("data: ", StringComparison.Ordinal) ? frame[6..] : frame)];
    }

    /// <summary>Every row of the ledger, oldest first, with its columns by name.</summary>
    public IReadOnlyList<IDictionary<string, object?>> Rows()
    {
        using var connection = new SqliteDatabase(Configuration.DataFolder).Open();
        return [.. connection.Query("SELECT * FROM ledger ORDER BY started_at, attempt").Cast<IDictionary<string, object?>>()];
    }

    /// <summary>The metrics as Prometheus would read them now.</summary>
    public async Task<Scrape> ScrapeAsync() => new(await Client.GetStringAsync(new Uri("metrics", UriKind.Relative), Soon));

    /// <summary>Waits until the metrics say so: they are written after the client has its answer.</summary>
    public async Task<Scrape> ScrapeUntilAsync(Func<Scrape, bool> condition)
    {
        var end = Environment.TickCount64 + (long)(Patience / 2).TotalMilliseconds;
        while (true)
        {
            var scrape = await ScrapeAsync();
            if (condition(scrape))
            {
                return scrape;
            }

            Assert.True(Environment.TickCount64 < end, scrape.ToString());
        }
    }

    public IDictionary<string, object?> OnlyRow() => Assert.Single(Rows());

    /// <summary>Waits until the ledger has that many rows: what a client that left could not wait for.</summary>
    public async Task<IReadOnlyList<IDictionary<string, object?>>> WaitForRowsAsync(int count)
    {
        IReadOnlyList<IDictionary<string, object?>> rows;
        while ((rows = Rows()).Count < count)
        {
            Soon.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        return rows;
    }

    public static async Task<JsonElement> ErrorAsync(HttpResponseMessage response)
    {
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        foreach (var member in new[] { "message", "type", "param", "code" })
        {
            Assert.True(error.TryGetProperty(member, out _), $"error has no {member}");
        }

        return error;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
        _patience.Dispose();
        if (_ownsConfiguration)
        {
            Configuration.Dispose();
        }
    }
}
