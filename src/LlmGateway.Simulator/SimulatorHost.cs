using LlmGateway.Simulator.Faults;
using LlmGateway.Simulator.Recording;
using LlmGateway.Simulator.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LlmGateway.Simulator;

/// <summary>A simulator on addresses of its own. Disposing it drops every connection at once.</summary>
public sealed class SimulatorHost : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly SimulatorEngine _engine;

    private SimulatorHost(WebApplication application, SimulatorEngine engine, Uri baseAddress)
    {
        _application = application;
        _engine = engine;
        BaseAddress = baseAddress;
    }

    /// <summary>What a client takes as its base URL, with <c>/v1</c>: the first address, a wildcard host being replaced by loopback.</summary>
    public Uri BaseAddress { get; }

    /// <summary>Every address that is listened on, with the ports that were picked.</summary>
    public IReadOnlyCollection<string> Addresses => [.. _application.Urls];

    /// <summary>The latest requests; also <c>GET /_sim/requests</c>.</summary>
    public RequestLog Requests => _engine.Requests;

    /// <summary>The fault rules; also <c>/_sim/faults</c>.</summary>
    public FaultControl Faults => _engine.Faults;

    /// <summary>The options; set a changed copy to have it apply to the requests that come after. Also <c>/_sim/options</c>.</summary>
    /// <exception cref="ArgumentException">The options are unusable; every error is in the message.</exception>
    public SimulatorOptions Options
    {
        get => _engine.Options;
        set => _engine.Options = value;
    }

    /// <summary>Starts a simulator.</summary>
    /// <param name="options">How it behaves; the defaults if null.</param>
    /// <param name="time">The clock of every delay, limit and timestamp; the system's if null.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="ArgumentException">The options are unusable; every error is in the message.</exception>
    /// <exception cref="IOException">An address is taken.</exception>
    public static async Task<SimulatorHost> StartAsync(
        SimulatorOptions? options = null, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        options ??= new SimulatorOptions();
        var engine = new SimulatorEngine(options, time ?? TimeProvider.System);

        // No configuration, no logging, no routing: a load test measures the gateway, not its upstream.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls([.. options.Urls]);
        builder.Services.Configure<KestrelServerOptions>(kestrel => Configure(kestrel, options));
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        WebApplication application = builder.Build();
        application.Run(http => engine.HandleAsync(http, http.Request.Path.Value!));
        try
        {
            await application.StartAsync(cancellationToken);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }

        string address = application.Urls.First().Replace("[::]", "127.0.0.1", StringComparison.Ordinal).Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal);
        return new SimulatorHost(application, engine, new Uri(address.TrimEnd('/') + "/v1"));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // A stalled stream would hold up a graceful stop for ever, so there is none.
        await _application.StopAsync(new CancellationToken(canceled: true));
        await _application.DisposeAsync();
    }

    private static void Configure(KestrelServerOptions kestrel, SimulatorOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;

        // Clients that read slowly, or stop, are what some tests are about.
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.Http2.MaxStreamsPerConnection = 1_000;
        if (options.ListenHttp2)
        {
            kestrel.ConfigureEndpointDefaults(static endpoint => endpoint.Protocols = HttpProtocols.Http2);
        }
    }
}
