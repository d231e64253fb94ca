using LlmGateway.Configuration.Model;
using LlmGateway.Configuration.Settings;
using LlmGateway.Configuration.Validation;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration;

/// <summary>Reads the configuration from disk: strictly, completely, and with every problem at once.</summary>
/// <param name="paths">Where it is, and what the command line overrides.</param>
/// <param name="time">Dates the Snapshot.</param>
internal sealed class ConfigurationLoader(GatewayPaths paths, TimeProvider time)
{
    /// <summary>Looks variables of <c>${env:…}</c> up.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Reads the configuration of that <c>gateway.yaml</c>, with its own addresses and the system's clock.</summary>
    public static ConfigResult Load(string configFile) =>
        new ConfigurationLoader(new GatewayPaths(Path.GetFullPath(configFile), null, []), TimeProvider.System).Load();

    /// <summary>Reads the configuration. Nothing of it is put in force.</summary>
    /// <param name="version">Of the Snapshot.</param>
    /// <param name="rootText">Stands for the content of <c>gateway.yaml</c>; null to read the file.</param>
    /// <param name="started">What the process was started with; null before it is. A change of what is fixed then gives a warning, or an error where it cannot work without a restart.</param>
    public ConfigResult Load(long version = 1, string? rootText = null, Snapshot? started = null)
    {
        var problems = new ProblemList();
        var log = new FileLog();
        var context = new ReadContext(problems, new SecretSource(Environment, log));
        var written = new FileSet(paths.ConfigFile, log, context, running: started is not null).Read(rootText);
        var config = (GatewayConfig)RecordType<GatewayConfig>.Instance.Read(written, SettingPath.Root, context)!;
        ConfigValidator.Validate(config, paths, started, context);
        var snapshot = problems.HasErrors ? null : new SnapshotBuilder(config, paths).Build(version, time.GetUtcNow());
        if (snapshot is not null && started is not null)
        {
            RestartRules.Check(snapshot, started, written.At, context);
        }

        return new ConfigResult
        {
            Snapshot = problems.HasErrors ? null : snapshot,
            Config = problems.HasErrors ? null : config,
            Problems = problems.Sorted,
            Files = log.Marks,
        };
    }
}
