using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>
/// Teaches a gateway how late is late: the first event of each of a provider's first calls takes a second and a half. What takes no time at all would
/// be late at once, and a second deployment would be asked before the first has read its call.
/// </summary>
internal sealed class Lesson
{
    private const int Calls = 20;
    private const double Seconds = 1.5;

    // The percentile is known to 1 %.
    private const double Rounding = 0.1;

    private readonly SemaphoreSlim _next = new(0);

    /// <summary>What a provider does: learn, and from then on what the test is about.</summary>
    public Func<UpstreamCall, int, Task> Then(Func<UpstreamCall, Task> answer) => async (call, number) =>
    {
        if (number > Calls)
        {
            await answer(call);
            return;
        }

        await _next.WaitAsync(call.Stopped);
        await Providers.Streams(call);
    };

    public async Task LearnAsync(FailoverRig rig)
    {
        for (var i = 1; i <= Calls; i++)
        {
            var streaming = rig.StreamAsync();
            await rig.CalledAsync(i);
            rig.Time.Advance(TimeSpan.FromSeconds(Seconds));
            _next.Release();
            await streaming;
        }
    }

    /// <summary>Waits until the first event of so many calls is waited for, and lets it be late.</summary>
    public async Task LateAsync(FailoverRig rig, int calls = 1)
    {
        await rig.CalledAsync(Calls + calls);
        await rig.WaitingAsync(calls, Seconds - Rounding, Seconds + Rounding);
        await rig.PassAsync(Seconds - Rounding, Seconds + Rounding);
    }

    /// <summary>Whether somebody would notice now that a first event is late.</summary>
    public bool IsWatching(FailoverRig rig) => rig.Time.IsWaiting(TimeSpan.FromSeconds(Seconds - Rounding), TimeSpan.FromSeconds(Seconds + Rounding));
}
