using LlmGateway.Catalog;
using Polly;
using Polly.CircuitBreaker;

namespace LlmGateway.Health;

/// <summary>The circuit breaker of Polly, fed with verdicts in the place of work. Not thread-safe: its owner locks.</summary>
internal sealed class BreakerCircuit
{
    // Polly's least. With fewer asked for, every verdict counts as many times.
    private const int LeastThroughput = 2;

    private readonly BreakerSettings _settings;
    private readonly TimeProvider _time;
    private readonly int _weight;
    private CircuitBreakerStateProvider _state;
    private ResiliencePipeline<bool> _pipeline;

    public BreakerCircuit(BreakerSettings settings, TimeProvider time)
    {
        _settings = settings;
        _time = time;
        _weight = settings.Minimum < LeastThroughput ? LeastThroughput : 1;
        (_pipeline, _state) = Build();
    }

    /// <summary>A verdict while closed. True when it opened the circuit.</summary>
    public bool Opens(bool failed)
    {
        for (var i = 0; i < _weight; i++)
        {
            Run(failed);
            if (failed && _state.CircuitState is not CircuitState.Closed)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The verdict on the probe, after the break.</summary>
    public void Probe(bool failed)
    {
        Run(failed);
        if (!failed && _state.CircuitState is not CircuitState.Closed)
        {
            // The clock was set back since the break ended, so Polly refused to hear it.
            (_pipeline, _state) = Build();
        }
    }

    // Outcomes in the place of exceptions: an open circuit refuses by one.
    private void Run(bool failed)
    {
        var context = ResilienceContextPool.Shared.Get();
        var run = _pipeline.ExecuteOutcomeAsync(static (_, failed) => Outcome.FromResultAsValueTask(failed), context, failed);
        _ = run.IsCompletedSuccessfully ? run.Result : run.AsTask().GetAwaiter().GetResult();
        ResilienceContextPool.Shared.Return(context);
    }

    private (ResiliencePipeline<bool> Pipeline, CircuitBreakerStateProvider State) Build()
    {
        var state = new CircuitBreakerStateProvider();
        var pipeline = new ResiliencePipelineBuilder<bool> { TimeProvider = _time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<bool>
            {
                FailureRatio = _settings.FailureRatio,
                SamplingDuration = _settings.Window,
                MinimumThroughput = Math.Max(LeastThroughput, _settings.Minimum),
                // In the place of BreakDuration, which must be half a second or more.
                BreakDurationGenerator = _ => new ValueTask<TimeSpan>(_settings.Open),
                ShouldHandle = static arguments => new ValueTask<bool>(arguments.Outcome.Result),
                StateProvider = state,
            })
            .Build();
        return (pipeline, state);
    }
}
