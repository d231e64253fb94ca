using LlmGateway.Simulator.Faults;
using LlmGateway.Simulator.Wire;

namespace LlmGateway.Simulator.Serving;

/// <summary>How long this request waits where. The jitter comes from its seed, so the same request waits alike.</summary>
internal struct Timing(SimulatorOptions options, FaultPlan? plan, ulong seed)
{
    private readonly TimeSpan _first = plan?.FirstDelay ?? options.FirstTokenDelay;
    private readonly TimeSpan _pace = plan?.Pace ?? options.TokenDelay;
    private ulong _chance = seed;

    public TimeSpan First() => Stray(_first);

    public TimeSpan Next() => Stray(_pace);

    /// <summary>Until an answer that is not streamed is complete.</summary>
    public TimeSpan Whole(int tokens) => Stray(_first) + Stray(_pace * Math.Max(0, tokens - 1));

    private TimeSpan Stray(TimeSpan delay)
    {
        if (delay == TimeSpan.Zero || options.Jitter == 0)
        {
            return delay;
        }

        _chance = Hash64.Mix(_chance);
        double share = ((_chance >> 11) * (2.0 / (1UL << 53))) - 1;
        return delay * (1 + (options.Jitter * share));
    }
}
