using System.Text;
using BenchmarkDotNet.Attributes;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Health;
using LlmGateway.Protocols.Usage;
using LlmGateway.Routing;
using LlmGateway.Routing.Prefixes;
using LlmGateway.Upstream;

namespace LlmGateway.Benchmarks;

/// <summary>What prefix affinity costs a decision over three deployments, and the end of an attempt, for a chat of twenty messages.</summary>
[MemoryDiagnoser]
public class PrefixBenchmarks
{
    private const int Messages = 20;

    private readonly PrefixTable _table = new();
    private PrefixAffinity _affinity = null!;
    private PrefixObserver _observer = null!;
    private Exchange _exchange = null!;
    private Verdict[] _verdicts = null!;

    [Params(4, 16, 64)]
    public int Kilobytes { get; set; }

    [Params(false, true)]
    public bool Warm { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var reports = new CacheReports();
        _affinity = new PrefixAffinity(_table, reports);
        _observer = new PrefixObserver(_table, reports);
        _verdicts = [.. Enumerable.Range(0, 3).Select(index => new Verdict { Candidate = CandidateOf(index) })];
        _exchange = BenchmarkData.Exchange(BenchmarkData.Read(Chat()));
        var route = new Route { Name = BenchmarkData.Route, Affinity = Affinity.Prefix, Targets = [] };
        _exchange.Plan = new RoutePlan(route, []) { Decisions = [new RouteDecision(route, "priority", BenchmarkData.Noon, 1, 1, _verdicts)] };
        var deployment = _verdicts[0].Candidate.Deployment;
        _exchange.Attempt = new Attempt(1, AttemptCause.Primary, deployment, _verdicts[0].Candidate.State, null, new AttemptClock(TimeProvider.System, deployment.Timeouts));
        _exchange.Attempt.Succeed();
        _exchange.Attempt.Measured(new TokenUsage(2000, 1024, 0, 10, 0));
        if (Warm)
        {
            Learn();
        }
    }

    [Benchmark]
    public void Predict() => _affinity.Predict(_exchange, null!, _verdicts);

    [Benchmark]
    public void Learn() => _observer.EndedAsync(_exchange, _exchange.Attempt!).GetAwaiter().GetResult();

    private static Candidate CandidateOf(int index)
    {
        var deployment = BenchmarkData.Snapshot.Routes[BenchmarkData.Route].Targets[0].Deployment with { Name = $"p/{index}" };
        var state = new DeploymentState(deployment.Name, new ProviderState("p"));
        return new Candidate(index, deployment, 1, state, state.BreakerFor(BreakerSettings.Default));
    }

    private byte[] Chat()
    {
        var text = new string('x', Kilobytes * 1024 / Messages);
        return Encoding.UTF8.GetBytes(
            $$"""{"model":"{{BenchmarkData.Route}}","messages":[{{string.Join(',', Enumerable.Range(0, Messages).Select(number => $$"""{"role":"user","content":"{{number}} {{text}}"}"""))}}]}""");
    }
}
