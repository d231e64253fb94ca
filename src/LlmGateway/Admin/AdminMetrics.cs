using System.Diagnostics.Metrics;

namespace LlmGateway.Admin;

internal sealed class AdminMetrics
{
    private readonly Counter<long> _failures;
    private long _count;

    public AdminMetrics(IMeterFactory meters) => _failures = meters.Create("llmgateway").CreateCounter<long>(
        "admin_authentication_failures_total", description: "Requests to the admin API without the right key.");

    /// <summary>Counts one failure.</summary>
    /// <returns>How many there have been since the start.</returns>
    public long AuthenticationFailed()
    {
        _failures.Add(1);
        return Interlocked.Increment(ref _count);
    }
}
