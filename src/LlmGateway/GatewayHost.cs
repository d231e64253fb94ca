using System.Net.Sockets;
using LlmGateway.Admin;
using LlmGateway.Admin.Closing;
using LlmGateway.Caching;
using LlmGateway.Caching.Semantic;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Health;
using LlmGateway.Keys;
using LlmGateway.Ledger;
using LlmGateway.Limits;
using LlmGateway.Limits.Alerts;
using LlmGateway.Limits.Redis;
using LlmGateway.Metering;
using LlmGateway.Reports;
using LlmGateway.Reports.Closing;
using LlmGateway.Reports.Focus;
using LlmGateway.Reports.Reconciliation;
using LlmGateway.Reports.Rerating;
using LlmGateway.Requests;
using LlmGateway.Routing;
using LlmGateway.Simulator;
using LlmGateway.Storage;
using LlmGateway.Storage.Postgres;
using LlmGateway.Streaming;
using LlmGateway.Telemetry;
using LlmGateway.Telemetry.Tracing;
using LlmGateway.Upstream;
using Microsoft.AspNetCore.Connections;
using OpenTelemetry.Trace;

namespace LlmGateway;

/// <summary>The gateway as one thing that starts and stops: configuration, data folder, simulator, rooms, front door.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly DataFolder _folder;
    private readonly SimulatorHost? _simulator;
    private Task? _stopping;

    private GatewayHost(WebApplication application, DataFolder folder, SimulatorHost? simulator)
    {
        _application = application;
        _folder = folder;
        _simulator = simulator;
    }

    public IServiceProvider Services => _application.Services;

    public Snapshot Snapshot => Services.GetRequiredService<ISnapshotSource>().Current;

    public IReadOnlyCollection<string> Addresses => [.. _application.Urls];

    /// <summary>Where the operator finds the admin key.</summary>
    public string AdminKeySource => Services.GetRequiredService<AdminKey>().Source;

    /// <summary>The simulator in process, when the configuration names one.</summary>
    public SimulatorHost? Simulator => _simulator;

    /// <summary>Starts everything, in the order in which one thing needs another.</summary>
    /// <exception cref="UserErrorException">The configuration or the address cannot be used.</exception>
    /// <exception cref="StorageException">The data folder cannot be used.</exception>
    public static async Task<GatewayHost> StartAsync(
        GatewayPaths paths, TimeProvider time, Action<IServiceCollection>? configure, CancellationToken cancellation)
    {
        var loader = new ConfigurationLoader(paths, time);
        var loaded = loader.Load();
        if (loaded.Snapshot is not { } snapshot)
        {
            throw new UserErrorException(string.Join(Environment.NewLine, loaded.Problems));
        }

        var folder = DataFolder.Take(snapshot.DataFolder);
        SimulatorHost? simulator = null;
        try
        {
            var database = new SqliteDatabase(folder.Path);
            SqliteMigrations.Apply(database);
            simulator = await StartSimulatorAsync(snapshot, time, cancellation);
            var application = Compose(paths, loaded, database, simulator, time, configure);
            var gateway = new GatewayHost(application, folder, simulator);
            await ListenAsync(application, snapshot, cancellation);
            return gateway;
        }
        catch
        {
            if (simulator is not null)
            {
                await simulator.DisposeAsync();
            }

            folder.Dispose();
            throw;
        }
    }

    /// <summary>Until somebody asks it to end: an operator, or a service of its own that cannot go on.</summary>
    public async Task StoppedAsync(CancellationToken asked)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(asked, _application.Lifetime.ApplicationStopping);
        var ended = new TaskCompletionSource();
        await using var registration = either.Token.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), ended);
        await ended.Task;
    }

    /// <summary>Takes no further requests, lets those in flight end, and writes what is still to be written.</summary>
    /// <param name="hurry">Ends the waiting for others.</param>
    public async Task StopAsync(CancellationToken hurry)
    {
        await Services.GetRequiredService<GracefulStop>().RunAsync(Snapshot.Server, hurry);
        await StopHostAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopHostAsync();
        await _application.DisposeAsync();
        if (_simulator is not null)
        {
            await _simulator.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>Once: the host would stop its services again, and not all of them take that.</summary>
    private Task StopHostAsync() => _stopping ??= _application.StopAsync(CancellationToken.None);

    private static WebApplication Compose(
        GatewayPaths paths, ConfigResult loaded, SqliteDatabase database, SimulatorHost? simulator, TimeProvider time, Action<IServiceCollection>? configure)
    {
        var snapshot = loaded.Snapshot!;
        // The empty builder: the usual ones read appsettings.json and environment variables that are no settings of ours, and watch the
        // working directory with all below it for changes, the database's every write among them.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.ConfigureServer(snapshot);
        var services = builder.Services;
        configure?.Invoke(services);
        services.AddSingleton(time);
        services.AddSingleton(database);
        services.AddSingleton(new BuiltinProvider { BaseAddress = simulator?.BaseAddress });
        services.AddGatewayConfiguration(paths, loaded);
        services.AddTelemetry();
        services.AddTracing(snapshot.Tracing);
        services.AddPostgres();
        services.AddGateway();

        // The walk of a request: the order of these lines is the order of the rooms.
        services.AddKeys();
        if (snapshot.Engines.Redis is { } redis)
        {
            services.AddRedisEngine(redis);
        }

        services.AddAdmission();
        services.AddRequests();
        services.AddCaching(snapshot.Cache);
        services.AddSemanticCache();
        services.AddSemanticDeployments();
        services.AddRoutingRoom();
        services.AddReservations();
        services.AddStreaming();
        services.AddUpstream();
        services.AddAside();

        // Around each attempt: the price before the intent, the cost before the row.
        services.AddMetering();
        services.AddRoutingHistory();
        services.AddSingleton<IIntentPricing, LedgerPricing>();
        services.AddLedger();
        services.AddSettlement();
        services.AddKeeping();
        services.AddSingleton<UsageLedger>();
        services.AddSingleton<DriftRows>();
        services.AddSingleton<Reconciler>();
        services.AddSingleton<FocusLedger>();
        services.AddSingleton<IRowsUnderWay, LedgerRowsUnderWay>();
        services.AddSingleton<IRatings, ConfiguredRatings>();
        services.AddClosing();
        services.AddAlerts();

        services.AddHealth();
        services.AddSingleton<IReadiness, LedgerReadiness>();
        services.AddAdmin();

        var application = builder.Build();
        application.UseErrorBodies();
        application.MapFrontDoor();
        application.MapHealth();
        application.MapTelemetry();
        _ = application.Services.GetService<TracerProvider>();
        var admin = application.MapAdmin();
        admin.MapConfigEndpoints();
        admin.MapUsageEndpoints();
        admin.MapFocusEndpoints();
        admin.MapClosingEndpoints();
        admin.MapDeploymentEndpoints();
        admin.MapExplainEndpoints();
        admin.MapExchangeEndpoints();
        admin.MapWebhookEndpoints();
        admin.MapCacheEndpoints();
        admin.MapSemanticEndpoints();
        admin.MapLogLevelEndpoints();
        admin.MapLiveEndpoints();
        admin.MapReconcileEndpoints();
        admin.MapSupportBundleEndpoints();
        return application;
    }

    private static async Task<SimulatorHost?> StartSimulatorAsync(Snapshot snapshot, TimeProvider time, CancellationToken cancellation) =>
        snapshot.Providers.Values.Any(static provider => provider.Builtin)
            ? await SimulatorHost.StartAsync(new SimulatorOptions(), time, cancellation)
            : null;

    private static async Task ListenAsync(WebApplication application, Snapshot snapshot, CancellationToken cancellation)
    {
        try
        {
            await application.StartAsync(cancellation);
        }
        catch (IOException error) when (error.InnerException is AddressInUseException)
        {
            await AbandonAsync(application);
            throw new UserErrorException(
                $"cannot listen on {string.Join(", ", snapshot.Server.Urls)}: the port is in use. Stop what uses it, or choose another with --urls.", error);
        }
        catch (Exception error) when (error is SocketException or IOException or UnauthorizedAccessException || IsKestrels(error))
        {
            await AbandonAsync(application);
            throw new UserErrorException(
                $"cannot listen on {string.Join(", ", snapshot.Server.Urls)}: {error.Message.ReplaceLineEndings(" ").TrimEnd('.')}. Choose another address with --urls.", error);
        }
    }

    /// <summary>Stopped first: services that have begun would take the end of everything around them for a fault.</summary>
    private static async Task AbandonAsync(WebApplication application)
    {
        await application.StopAsync();
        await application.DisposeAsync();
    }

    /// <summary>Kestrel's refusal of what is no address, and of https without a certificate; thrown elsewhere, either would be a defect.</summary>
    private static bool IsKestrels(Exception error) =>
        error is FormatException or InvalidOperationException or ArgumentException && error.StackTrace?.Contains("Microsoft.AspNetCore.Server.Kestrel.", StringComparison.Ordinal) == true;
}
