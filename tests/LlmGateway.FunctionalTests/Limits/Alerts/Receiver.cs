using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LlmGateway.FunctionalTests.Limits.Alerts;

/// <summary>What a webhook was sent.</summary>
internal sealed record Told(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Id => Headers["webhook-id"];

    public JsonElement Json { get; } = JsonDocument.Parse(Body).RootElement;

    public JsonElement Data => Json.GetProperty("data");

    public string Type => Json.GetProperty("type").GetString()!;

    /// <summary>The signature computed as a receiver does, from what arrived.</summary>
    public string Expect(byte[] key)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(Id), (byte)'.', .. Encoding.UTF8.GetBytes(Headers["webhook-timestamp"]), (byte)'.', .. Body];
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed));
    }

    public long Timestamp => long.Parse(Headers["webhook-timestamp"], CultureInfo.InvariantCulture);

    public decimal Amount(string member) => decimal.Parse(Data.GetProperty(member).GetProperty("amount").GetString()!, CultureInfo.InvariantCulture);
}

/// <summary>A receiver of webhooks on a real Kestrel.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<Told> _told = new();
    private readonly Func<Told, HttpContext, Task> _answer;
    private readonly WebApplication _app;

    private Receiver(Func<Told, HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        (_answer, _app) = (answer, builder.Build());
        _app.Run(TakeAsync);
    }

    public string Url => _app.Urls.Single() + "/budgets?token=not-for-logs";

    public Told[] All => [.. _told];

    /// <param name="answer">Decides on the status by how often it was told before.</param>
    public static Task<Receiver> StartAsync(Func<int, int>? answer = null)
    {
        var count = -1;
        return StartAsync((_, http) =>
        {
            http.Response.StatusCode = answer?.Invoke(Interlocked.Increment(ref count)) ?? 204;
            return Task.CompletedTask;
        });
    }

    public static async Task<Receiver> StartAsync(Func<Told, HttpContext, Task> answer)
    {
        var receiver = new Receiver(answer);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Waits until it was told so often.</summary>
    public async Task<Told[]> TakeAsync(int count)
    {
        await Eventually.TrueAsync(() => _told.Count >= count);
        return All;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var told = new Told(
            http.Request.Path, http.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()), body.ToArray());
        _told.Enqueue(told);
        await _answer(told, http);
    }
}
