using System.Diagnostics.Metrics;
using LlmGateway.Telemetry;

namespace LlmGateway.Streaming;

/// <summary>What became of going on with streams that died.</summary>
internal sealed class StreamingMetrics
{
    private readonly Counter<long> _resumes;

    public StreamingMetrics(IMeterFactory meters) => _resumes = meters.Create(GatewayMeter.Name).CreateCounter<long>(
        "resumes_total", "{resume}", "Streams that died and were to be gone on with, by the deployment that did and by result.");

    /// <summary>The answer became whole.</summary>
    public void Resumed(string deployment) => Add(deployment, "resumed");

    /// <summary>What the deployment said was not what had been delivered.</summary>
    public void Departed(string deployment) => Add(deployment, "departed");

    /// <summary>The deployment that went on failed too.</summary>
    public void Failed(string deployment) => Add(deployment, "failed");

    /// <summary>There was nobody to go on; <paramref name="deployment"/> is the one that failed last.</summary>
    public void NoneLeft(string deployment) => Add(deployment, "none_left");

    private void Add(string deployment, string result)
    {
        if (_resumes.Enabled)
        {
            _resumes.Add(1, new("deployment", deployment), new("result", result));
        }
    }
}
