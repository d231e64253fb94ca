using System.Net;
using System.Text;
using System.Text.Json;
using LlmGateway.Simulator;

namespace LlmGateway.FunctionalTests.Simulator;

/// <summary>A simulator on a real port and a client of it, for one test.</summary>
internal sealed class SimulatorFixture : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly CancellationTokenSource _patience = new(Patience);
    private readonly Version _version;

    private SimulatorFixture(SimulatorHost host, bool http2)
    {
        Host = host;
        _version = http2 ? HttpVersion.Version20 : HttpVersion.Version11;
        Client = new HttpClient { BaseAddress = new Uri(host.BaseAddress.AbsoluteUri + "/") };
    }

    public SimulatorHost Host { get; }

    public HttpClient Client { get; }

    /// <summary>Ends what hangs, so that a defect is a failure and not a wait.</summary>
    public CancellationToken Soon => _patience.Token;

    public static async Task<SimulatorFixture> StartAsync(SimulatorOptions? options = null, TimeProvider? time = null) =>
        new(await SimulatorHost.StartAsync(options, time), options is { ListenHttp2: true });

    public Task<HttpResponseMessage> PostAsync(string path, string json, string? fault = null, HttpCompletionOption until = HttpCompletionOption.ResponseContentRead)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
            Version = _version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (fault is not null)
        {
            request.Headers.Add("x-sim-fault", fault);
        }

        return Client.SendAsync(request, until, Soon);
    }

    public Task<HttpResponseMessage> ChatAsync(string more = "", string model = "sim-small", string text = "Hello, who is there?", string? fault = null) =>
        PostAsync("chat/completions", ChatBody(more, model, text), fault);

    public async Task<JsonElement> ChatJsonAsync(string more = "", string model = "sim-small", string text = "Hello, who is there?", string? fault = null)
    {
        using HttpResponseMessage response = await ChatAsync(more, model, text, fault);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await JsonAsync(response);
    }

    /// <summary>The data of every event of a streamed chat, in order.</summary>
    public async Task<List<string>> StreamAsync(string more = "", string model = "sim-small", string text = "Hello, who is there?", string? fault = null)
    {
        using HttpResponseMessage response = await ChatAsync(""","stream":true""" + more, model, text, fault);
        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        return Events(await response.Content.ReadAsStringAsync(Soon));
    }

    public Task<HttpResponseMessage> OpenStreamAsync(string more = "", string model = "sim-small", string? fault = null) =>
        PostAsync("chat/completions", ChatBody(""","stream":true""" + more, model, "Hello"), fault, HttpCompletionOption.ResponseHeadersRead);

    public static string ChatBody(string more = "", string model = "sim-small", string text = "Hello, who is there?") =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":{{JsonSerializer.Serialize(text)}}}]{{more}}}""";

    public static List<string> Events(string body)
    {
        var events = new List<string>();
        foreach (string line in body.Split('\n'))
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                events.Add(line["data: ".Length..].TrimEnd('\r'));
            }
        }

        return events;
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        using JsonDocument document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return document.RootElement.Clone();
    }

    public static JsonElement Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
        _patience.Dispose();
    }
}
