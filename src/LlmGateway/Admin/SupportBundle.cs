using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Health;
using LlmGateway.Storage;
using LlmGateway.Telemetry;
using Prometheus;

namespace LlmGateway.Admin;

/// <summary>
/// What somebody needs to see who is asked for help, as one archive: versions, readiness, configuration, health, figures, the last exchanges and the last
/// warnings. Nothing in it is more than the admin API and the log show: no secret, no prompt, no answer.
/// </summary>
internal static class SupportBundle
{
    private const int MostExchanges = 500;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static async Task WriteAsync(Stream output, IServiceProvider services, CancellationToken cancellation)
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var snapshot = services.GetRequiredService<ISnapshotSource>().Current;
        await using var archive = await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellation);
        await AddAsync("about.json", About(services, now));
        await AddAsync("readiness.json", Readiness(services));
        await AddAsync("configuration.json", Encoding.UTF8.GetBytes(
            ConfigEndpoints.Describe(services.GetRequiredService<ConfigurationReloader>().State, services.GetRequiredService<GatewayPaths>()).ToJsonString(Indented)));
        var states = services.GetRequiredService<IDeploymentStates>();
        await AddAsync("deployments.json", JsonSerializer.SerializeToUtf8Bytes(
            new DeploymentPage([.. snapshot.Deployments.Values.OrderBy(static one => one.Name, StringComparer.Ordinal).Select(one => DeploymentView.Of(one, snapshot, states.Of(one), now))], false, null),
            AdminJson.Default.DeploymentPage));
        await AddAsync("exchanges.jsonl", Exchanges(services.GetRequiredService<IExchangeTrace>()));
        await AddAsync("log.txt", Encoding.UTF8.GetBytes(string.Concat(services.GetRequiredService<RecentLog>().Lines.Select(static line => line + "\n"))));
        using var metrics = new MemoryStream();
        await services.GetRequiredService<CollectorRegistry>().CollectAndExportAsTextAsync(metrics, cancellation);
        await AddAsync("metrics.txt", metrics.ToArray());

        async Task AddAsync(string name, byte[] content)
        {
            var entry = archive.CreateEntry(name, CompressionLevel.Fastest);
            entry.LastWriteTime = now;
            await using var stream = await entry.OpenAsync(cancellation);
            await stream.WriteAsync(content, cancellation);
        }
    }

    private static byte[] About(IServiceProvider services, DateTimeOffset now)
    {
        var folder = services.GetRequiredService<SqliteDatabase>().Folder;
        var levels = LogLevelView.Of(services.GetRequiredService<LogLevels>());
        var about = new JsonObject
        {
            ["version"] = VersionCommand.Version,
            ["dotnet"] = RuntimeInformation.FrameworkDescription,
            ["system"] = RuntimeInformation.OSDescription,
            ["node"] = Environment.MachineName,
            ["at"] = now.UtcDateTime,
            ["processors"] = Environment.ProcessorCount,
            ["server_gc"] = System.Runtime.GCSettings.IsServerGC,
            ["heap_bytes"] = GC.GetTotalMemory(forceFullCollection: false),
            ["threads"] = ThreadPool.ThreadCount,
            ["waiting_work_items"] = ThreadPool.PendingWorkItemCount,
            ["log_level"] = levels.Level,
            ["data_folder"] = folder,
            ["disk_free_bytes"] = new DriveInfo(folder).AvailableFreeSpace,
            ["files"] = new JsonObject(Directory.GetFiles(folder).Order(StringComparer.Ordinal)
                .Select(static file => KeyValuePair.Create(Path.GetFileName(file), (JsonNode?)new FileInfo(file).Length))),
            ["environment"] = new JsonArray([.. Environment.GetEnvironmentVariables().Keys.OfType<string>()
                .Where(static name => name.StartsWith("LLMGATEWAY_", StringComparison.Ordinal) || name.StartsWith("DOTNET_", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal).Select(static name => (JsonNode?)name)]),
        };
        return Encoding.UTF8.GetBytes(about.ToJsonString(Indented));
    }

    private static byte[] Readiness(IServiceProvider services)
    {
        using var stream = new MemoryStream();
        HealthEndpoints.Write(services, stream);
        return stream.ToArray();
    }

    private static byte[] Exchanges(IExchangeTrace trace)
    {
        using var stream = new MemoryStream();
        foreach (var record in trace.Last(MostExchanges))
        {
            stream.Write(JsonSerializer.SerializeToUtf8Bytes(ExchangeView.Of(record), AdminJson.Default.ExchangeView));
            stream.WriteByte((byte)'\n');
        }

        return stream.ToArray();
    }
}
