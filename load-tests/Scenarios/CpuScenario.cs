using LlmGateway.LoadTests.Http;
using LlmGateway.LoadTests.Models;
using LlmGateway.LoadTests.Processes;
using LlmGateway.LoadTests.Reporting;

namespace LlmGateway.LoadTests.Scenarios;

/// <summary>What does a request cost when there are many?</summary>
internal sealed class CpuScenario : IScenario
{
    private readonly string _route;
    private readonly double _bound;
    private readonly bool _limited;

    private CpuScenario(string name, string summary, string route, double bound, bool limited = false)
    {
        _limited = limited;
        Name = name;
        Summary = summary;
        _route = route;
        _bound = bound;
    }

    /// <summary>One deployment, nothing to choose.</summary>
    public static CpuScenario Plain { get; } = new("cpu", "CPU time per request: closed model, short answers, not streamed.", GatewayFolder.Route, 1.6);

    /// <summary>Three deployments to choose from.</summary>
    public static CpuScenario Routed { get; } = new(
        "routed", "The same with three deployments under balanced, breaker and prefix affinity.", GatewayFolder.RoutedRoute, 1.7);

    /// <summary>Limits and budgets in process.</summary>
    public static CpuScenario Limited { get; } = new(
        "limited", "The same with limits, and budgets of tenant, project and key, kept in process.", GatewayFolder.Route, 1.8, limited: true);

    /// <summary>Limits and budgets in Redis.</summary>
    public static CpuScenario LimitedInRedis { get; } = new(
        "limited-redis", "The same with limits, and budgets of tenant, project and key, kept in Redis.", GatewayFolder.Route, 2.5, limited: true)
    { WantsRedis = true };

    public string Name { get; }

    public bool WantsRedis { get; private init; }

    public string Summary { get; }

    public async Task<ScenarioResult> RunAsync(TestBed bed, RunOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var rounds = await Rounds.MeasureAsync(
            bed,
            new Stage(bed, options, time),
            target => new ClosedModel(ChatRequest.For(TestBed.By(_limited ? bed.Limited(target) : target, _route), options.AnswerTokens, streamed: false), options.Connections, TimeSpan.Zero),
            options.Rounds,
            options.Duration,
            cancellationToken);

        Figure[] figures =
        [
            Figure.RequestsPerSecond, Figure.CpuPerRequest,
            .. Figure.Percentiles("latency", measurement => measurement.Latency, 50, 99),
            Figure.PeakMemory, Figure.Failed,
        ];
        var result = new ScenarioResult(Name, Summary);
        result.Tables.Add(("", Tables.Figures(rounds, figures)));
        result.Goals.Add(new Goal(
            FormattableString.Invariant($"CPU per request ({Name}) at most {_bound} times the forwarder's"), rounds.Ratio(Figure.CpuPerRequest, Target.Gateway), _bound));
        Tables.AddEvidence(result, rounds, paced: false);
        return result;
    }
}
