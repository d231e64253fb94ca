using System.Collections.Concurrent;
using LlmGateway.FunctionalTests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;

namespace LlmGateway.FunctionalTests.Telemetry;

/// <summary>Takes traces by OTLP over HTTP, as a collector does.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>The bodies as they came.</summary>
    public ConcurrentQueue<byte[]> Bodies { get; } = new();

    public ConcurrentQueue<string> Authorizations { get; } = new();

    public IReadOnlyList<OtlpSpan> Spans => [.. Bodies.SelectMany(OtlpSpan.ReadAll)];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.MapPost("/v1/traces", async (HttpContext http) =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            receiver.Authorizations.Enqueue(http.Request.Headers.Authorization.ToString());
            receiver.Bodies.Enqueue(body.ToArray());
        });
        await app.StartAsync();
        return receiver;
    }

    /// <summary>What the gateway has sent once everything on its way has arrived.</summary>
    public IReadOnlyList<OtlpSpan> After(TestGateway gateway)
    {
        Assert.True(gateway.Host.Services.GetRequiredService<TracerProvider>().ForceFlush());
        return Spans;
    }

    /// <summary>Makes a gateway send here.</summary>
    public TestConfiguration Configure(TestConfiguration configuration, string more) =>
        configuration.Edit("logging: {", $"telemetry: {{ otlp: \"{Address.AbsoluteUri}\", protocol: http, {more} }}\nlogging: {{");

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
