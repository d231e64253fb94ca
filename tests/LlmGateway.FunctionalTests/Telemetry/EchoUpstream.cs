using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LlmGateway.FunctionalTests.Telemetry;

/// <summary>A provider of the worst manners: whatever is wrong, it quotes the credential that it was sent. The model says how.</summary>
internal sealed class EchoUpstream : IAsyncDisposable
{
    public static readonly string[] Manners = ["unauthorized", "refused", "plain", "named", "cut-off", "broken-stream", "inside-200"];

    private readonly WebApplication _app;

    private EchoUpstream(WebApplication app) => _app = app;

    public Uri BaseAddress => new(_app.Urls.Single() + "/v1");

    /// <summary>Every header and body that arrived.</summary>
    public ConcurrentQueue<string> Received { get; } = new();

    public static async Task<EchoUpstream> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var upstream = new EchoUpstream(app);
        app.Run(upstream.AnswerAsync);
        await app.StartAsync();
        return upstream;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var body = await new StreamReader(http.Request.Body).ReadToEndAsync(http.RequestAborted);
        Received.Enqueue(string.Join('\n', http.Request.Headers.Select(header => $"{header.Key}: {header.Value}")) + "\n" + body);
        var sent = http.Request.Headers.Authorization.ToString();
        var (status, answer) = JsonDocument.Parse(body).RootElement.GetProperty("model").GetString() switch
        {
            "unauthorized" => (401, Error($"Incorrect API key provided: {sent}.")),
            "refused" => (400, Error($"Bad request with headers {{authorization: {sent}}}")),
            "plain" => (500, $"Internal error while handling Authorization: {sent}"),
            "named" => (422, Error("no", code: sent, type: sent, param: sent)),
            "cut-off" => (503, Error(new string('x', 2_000 - "Bearer ".Length - 20) + sent)),
            "inside-200" => (200, Error($"failed for {sent}")),
            _ => (200, ""),
        };
        http.Response.StatusCode = status;
        http.Response.Headers["x-echo"] = sent;
        http.Response.Headers.WWWAuthenticate = sent;
        if (answer.Length > 0)
        {
            http.Response.ContentType = answer[0] == '{' ? "application/json" : "text/plain";
            await http.Response.WriteAsync(answer);
            return;
        }

        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync($$"""
            data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Hello"},"finish_reason":null}]}

            data: {{Error($"lost {sent}")}}


            """.ReplaceLineEndings("\n"));
    }

    private static string Error(string message, string? code = null, string type = "server_error", string? param = null) =>
        JsonSerializer.Serialize(new { error = new { message, type, param, code } });
}
