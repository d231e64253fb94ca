using System.Collections.Frozen;
using System.Diagnostics.Metrics;

namespace LlmGateway.Keys;

internal sealed class KeyMetrics
{
    private static readonly FrozenDictionary<KeyVerdict, string> Results =
        Enum.GetValues<KeyVerdict>().ToFrozenDictionary(verdict => verdict, verdict => verdict.ToString().ToLowerInvariant());

    private readonly Counter<long> _checks;

    public KeyMetrics(IMeterFactory meters) =>
        _checks = meters.Create("llmgateway").CreateCounter<long>("key_checks_total", description: "Keys that callers presented, by what came of it.");

    public void Checked(KeyVerdict verdict)
    {
        if (_checks.Enabled)
        {
            _checks.Add(1, new KeyValuePair<string, object?>("result", Results[verdict]));
        }
    }
}
