using LlmGateway.LoadTests.Models;
using LlmGateway.LoadTests.Processes;

namespace LlmGateway.LoadTests.Scenarios;

/// <summary>Puts a load on a target and measures while the load is steady: before and after the window it runs unmeasured.</summary>
internal sealed class Stage(TestBed bed, RunOptions options, TimeProvider time)
{
    // Re-warms caches and connections between two rounds; the code is compiled by then.
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300);

    /// <summary>Runs a load without measuring it, so that the target's code is compiled and its pools are filled.</summary>
    public async Task WarmUpAsync(Target target, ILoad load, CancellationToken cancellationToken)
    {
        target.Sampler?.ResetPeak();
        await RunAsync(target, load, options.Warmup, TimeSpan.Zero, cancellationToken);
    }

    /// <summary>Measures for <paramref name="duration"/>.</summary>
    public Task<Window> MeasureAsync(Target target, ILoad load, TimeSpan duration, CancellationToken cancellationToken) =>
        RunAsync(target, load, load.Ramp + Settle, duration, cancellationToken);

    /// <exception cref="LoadTestException">The target stopped answering.</exception>
    private async Task<Window> RunAsync(Target target, ILoad load, TimeSpan before, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var measurement = new Measurement();
        var running = load.RunAsync(measurement, stop.Token, abandon.Token);

        await WaitAsync(target, running, before, cancellationToken);
        var start = Usage(target);
        measurement.Open();
        await WaitAsync(target, running, duration, cancellationToken);
        measurement.Close();
        var end = Usage(target);

        await stop.CancelAsync();
        abandon.CancelAfter(options.Timeout);
        await running;
        bed.EnsureAlive();
        return new Window(
            target,
            measurement,
            end.Target - start.Target,
            end.Simulator - start.Simulator,
            end.Driver - start.Driver,
            end.Machine - start.Machine,
            target.Sampler?.PeakResident());
    }

    private async Task WaitAsync(Target target, Task running, TimeSpan duration, CancellationToken cancellationToken)
    {
        var wait = Task.Delay(duration, time, cancellationToken);
        if (await Task.WhenAny(running, wait) == running && !cancellationToken.IsCancellationRequested)
        {
            await running;
            bed.EnsureAlive();
            throw new LoadTestException($"The {target.Name} at {target.Url} stopped answering. Its last output:\n{bed.LastOutput(target.Name)}");
        }

        await wait;
    }

    private (TimeSpan? Target, TimeSpan? Simulator, TimeSpan Driver, TimeSpan Machine) Usage(Target target) =>
        (target.Sampler?.CpuTime(), bed.Targets[0].Sampler?.CpuTime(), bed.Driver.CpuTime(), ProcessSampler.MachineBusy());
}
