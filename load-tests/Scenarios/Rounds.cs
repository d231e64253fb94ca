using LlmGateway.LoadTests.Models;
using LlmGateway.LoadTests.Processes;
using LlmGateway.LoadTests.Reporting;

namespace LlmGateway.LoadTests.Scenarios;

/// <summary>The windows of a scenario: for each round one window per target, in turn, so that a slow spell strikes all alike.</summary>
internal sealed class Rounds
{
    private readonly List<Window> _windows = [];

    /// <summary>Warms every target up, then measures round by round.</summary>
    public static async Task<Rounds> MeasureAsync(
        TestBed bed, Stage stage, Func<Target, ILoad> load, int rounds, TimeSpan duration, CancellationToken cancellationToken)
    {
        foreach (var target in bed.Targets)
        {
            await stage.WarmUpAsync(target, load(target), cancellationToken);
        }

        var measured = new Rounds();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var target in bed.Targets)
            {
                measured._windows.Add(await stage.MeasureAsync(target, load(target), duration, cancellationToken));
            }
        }

        return measured;
    }

    public IEnumerable<Window> Windows => _windows;

    /// <returns>The median over the rounds.</returns>
    public double? Median(Figure figure, string target) => Statistics.Median(Values(figure, target));

    /// <returns>The median over the rounds of a target's figure divided by the forwarder's in the same round.</returns>
    public double? Ratio(Figure figure, string target) => Statistics.Median(RatioRounds(figure, target));

    public IReadOnlyList<double?> Values(Figure figure, string target)
    {
        var windows = Of(target);
        var direct = Of(Target.Direct);
        return windows.Select((window, round) => figure.IsAdded && target == Target.Direct ? null : figure.Value(window, direct[round])).ToArray();
    }

    public double?[] RatioRounds(Figure figure, string target) => Statistics.Ratios(Values(figure, target), Values(figure, Target.Forwarder));

    private List<Window> Of(string target) => _windows.FindAll(window => window.Target.Name == target);
}
