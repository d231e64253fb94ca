using System.Diagnostics.Metrics;

namespace LlmGateway.Configuration;

/// <summary>Readings of the configuration, and whether what is written is in force.</summary>
internal sealed class ConfigurationMetrics
{
    private readonly Counter<long> _reloads;
    private volatile bool _refused;

    public ConfigurationMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("llmgateway");
        _reloads = meter.CreateCounter<long>("config_reloads_total", description: "Readings of a changed configuration, by what became of them.");
        meter.CreateObservableGauge("config_refused", () => _refused ? 1 : 0, description: "1 while the files as they stand have errors, and an older configuration is in force.");
    }

    public void Reloaded(ReloadResult result)
    {
        _refused = result is ReloadResult.Rejected;
        if (_reloads.Enabled)
        {
            _reloads.Add(1, KeyValuePair.Create("result", (object?)Label(result)));
        }
    }

    public static string Label(ReloadResult result) => result switch
    {
        ReloadResult.Applied => "applied",
        ReloadResult.Rejected => "rejected",
        _ => "unchanged",
    };
}
