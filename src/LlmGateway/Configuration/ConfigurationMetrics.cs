using System.Diagnostics.Metrics;

namespace LlmGateway.Configuration;

/// <summary><c>llmgateway_config_reloads_total{result}</c>.</summary>
internal sealed class ConfigurationMetrics
{
    private readonly Counter<long> _reloads;

    public ConfigurationMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("llmgateway");
        _reloads = meter.CreateCounter<long>("config_reloads_total", description: "Readings of a changed configuration, by what became of them.");
    }

    public void Reloaded(ReloadResult result)
    {
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
