using LlmGateway.Configuration.Settings;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration.Validation;

/// <summary>Says what a reload cannot change.</summary>
internal static class RestartRules
{
    /// <param name="started">What the process was started with.</param>
    /// <param name="top">Where to point for a setting that is no longer written.</param>
    public static void Check(Snapshot loaded, Snapshot started, Position top, ReadContext context)
    {
        Compare(loaded.Server.Urls.SequenceEqual(started.Server.Urls), ConfigValidator.Section("server").Then("urls"), top, context);
        Compare(loaded.DataFolder == started.DataFolder, ConfigValidator.Section("data").Then("path"), top, context);
        Compare(Equals(loaded.Engines.Redis, started.Engines.Redis), ConfigValidator.Section("redis").Then("connection"), top, context);
        Compare(Equals(loaded.Engines.Postgres, started.Engines.Postgres), ConfigValidator.Section("postgres").Then("connection"), top, context);
        Compare(loaded.Tracing == started.Tracing, ConfigValidator.Section("telemetry"), top, context);
        Compare(loaded.Logging == started.Logging, ConfigValidator.Section("logging"), top, context);
        var simulated = started.Providers.Values.Any(static provider => provider.Builtin);
        foreach (var provider in loaded.Providers.Values)
        {
            if (provider.Builtin && !simulated)
            {
                // The simulator starts with the process or not at all; requests to it would all fail.
                var path = ConfigValidator.Section("providers").Then(provider.Name).Then("base_url");
                context.Problems.Error(context.IsWritten(path) ? context.ValueAt(path) : top, path, "the simulator does not run, since no provider was builtin at the start", "restart the gateway, or name a URL");
            }
        }
    }

    private static void Compare(bool same, SettingPath path, Position top, ReadContext context)
    {
        if (!same)
        {
            var at = context.IsWritten(path) ? context.ValueAt(path) : top;
            context.Problems.Warning(at, path, "differs from what the process was started with", "restart the gateway for it to take effect");
        }
    }
}
