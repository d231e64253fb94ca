using LlmGateway.LoadTests.Models;
using LlmGateway.LoadTests.Processes;

namespace LlmGateway.LoadTests.Scenarios;

/// <summary>One measured window: one load on one target.</summary>
/// <param name="Target">What was asked.</param>
/// <param name="Measurement">What the driver saw.</param>
/// <param name="TargetCpu">CPU time of the target's process; null where it cannot be seen.</param>
/// <param name="SimulatorCpu">CPU time of the simulator behind it.</param>
/// <param name="DriverCpu">CPU time of the driver itself.</param>
/// <param name="MachineCpu">CPU time of everything on the machine.</param>
/// <param name="PeakMemory">The target's most resident memory since the scenario began, in bytes.</param>
internal sealed record Window(
    Target Target, Measurement Measurement, TimeSpan? TargetCpu, TimeSpan? SimulatorCpu, TimeSpan DriverCpu, TimeSpan MachineCpu, long? PeakMemory)
{
    public double RequestsPerSecond => Measurement.Completed / Measurement.Elapsed.TotalSeconds;

    /// <summary>In microseconds.</summary>
    public double? CpuPerRequest => Measurement.Completed == 0 ? null : TargetCpu?.TotalMicroseconds / Measurement.Completed;

    /// <summary>In microseconds.</summary>
    public double? CpuPerToken => Measurement.Tokens == 0 ? null : TargetCpu?.TotalMicroseconds / Measurement.Tokens;

    /// <summary>The share of all cores, 0 to 1, that a CPU time is of this window.</summary>
    public double Share(TimeSpan cpu) => cpu / (Measurement.Elapsed * Environment.ProcessorCount);
}
