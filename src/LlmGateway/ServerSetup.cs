using LlmGateway.Configuration;
using LlmGateway.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace LlmGateway;

/// <summary>Kestrel and the host, from the configuration.</summary>
internal static class ServerSetup
{
    public static void ConfigureServer(this WebApplicationBuilder builder, Snapshot snapshot)
    {
        builder.Services.AddRouting();
        builder.Services.AddLogging();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.UseUrls([.. snapshot.Server.Urls]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // Kestrel's bound is fixed at start; the rooms that read a body keep the one in force, which a reload may change.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        });

        // Instead of the one that takes signals: what happens then is the gateway's own.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton(static services => new ClosableListeners(ActivatorUtilities.CreateInstance<SocketTransportFactory>(services)));
        builder.Services.AddSingleton<IConnectionListenerFactory>(static services => services.GetRequiredService<ClosableListeners>());
        builder.Services.AddSingleton<GracefulStop>();

        // When the host stops, nothing is in flight but what the drain does not count, and rows on their way to the disk.
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(15));
        var levels = new LogLevels(snapshot.Logging.Level);
        builder.Services.AddSingleton(levels);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("System", LogLevel.Warning);

        // Hosting makes an activity and a log scope for each request where this category is on at all; our own line names the request.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);

        // A start that fails is thrown to us as well, and we have one line for it instead of a stack trace.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);

        // The forwarder logs every broken connection; the exchange's own line says the same with the request id.
        builder.Logging.AddFilter("Yarp", LogLevel.Error);
        // Behind those above, so that what an operator sets while it runs wins.
        builder.Services.AddSingleton<IConfigureOptions<LoggerFilterOptions>>(levels);
        builder.Services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(levels);
        builder.Services.AddSingleton<RecentLog>();
        builder.Services.AddSingleton<ILoggerProvider>(static services => services.GetRequiredService<RecentLog>());
        builder.Services.AddSingleton<ILoggerProvider>(services =>
            new ConsoleLogging(Console.OpenStandardOutput(), services.GetRequiredService<TimeProvider>(), snapshot.Logging.Json));
    }
}

/// <summary>A host that stops when it is told, and takes no signals.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
