using System.Globalization;
using LlmGateway.FunctionalTests.Hosting;
using Xunit.Abstractions;

namespace LlmGateway.FunctionalTests.Chaos;

/// <summary>
/// Gateways, Redis and PostgreSQL are killed and stopped at random moments under load. <c>LLMGATEWAY_CHAOS=full</c> takes 20 of them and stops for
/// 10 seconds, long enough to hold the latency against its bound; <c>LLMGATEWAY_CHAOS_SEED</c> repeats a run's choices.
/// </summary>
[Collection(Heavy.Name)]
public sealed class RandomKillsTests(ITestOutputHelper output)
{
    private const int Nodes = 2;
    private const int Clients = 16;

    /// <summary>Below this no latency is too long: twice a few milliseconds is what any machine adds by chance.</summary>
    private const double Floor = 250;

    private static readonly bool Full = Environment.GetEnvironmentVariable("LLMGATEWAY_CHAOS") == "full";
    private static readonly int Kills = Full ? 20 : 6;
    private static readonly TimeSpan PauseLength = TimeSpan.FromSeconds(Full ? 10 : 2);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(Full ? 30 : 15);

    private readonly int _seed = int.TryParse(Environment.GetEnvironmentVariable("LLMGATEWAY_CHAOS_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
        ? seed
        : Full ? Environment.TickCount : 20261127;

    private readonly List<(long From, long To, Victim Victim)> _outages = [];

    [Fact]
    public async Task What_clients_were_told_is_what_is_booked_whatever_was_killed_meanwhile()
    {
        output.WriteLine($"LLMGATEWAY_CHAOS_SEED={_seed}");
        using var patience = new CancellationTokenSource(Patience);
        using var redis = await RedisServer.StartAsync();
        using var postgres = await PostgresServer.StartAsync();
        using var configuration = new TestConfiguration(more: NodeCluster.Shared)
            .Edit("deployments: [sim/small]", "deployments: [sim/paced]")
            .Edit("  sim/small:", "  sim/paced: { model: \"sim-small!pace=2ms,tokens=40\", price: sim/sim-small }\n  sim/small:");
        await using var cluster = await NodeCluster.StartAsync(configuration, Nodes, redis.ConnectionString, await postgres.CreateDatabaseAsync("chaos"));
        await using var load = new ClusterLoad(cluster, Clients, patience.Token);
        List<Victim> victims = [.. cluster.Nodes.Select(node => Victim.Of(node, patience.Token)), Victim.Of(redis), Victim.Of(postgres)];

        await load.CompleteAsync(200);
        var random = new Random(_seed);
        for (var kill = 0; kill < Kills; kill++)
        {
            await load.CompleteAsync(random.Next(5, 200));

            // Each of them at least once, and one gateway is killed for sure; then whoever it hits, however.
            var first = kill < victims.Count;
            var hard = first ? kill % 2 == 0 : random.Next(2) == 0;
            await HitAsync(victims[first ? kill : random.Next(victims.Count)], hard, load, random, patience.Token);
        }

        for (var node = 0; node < Nodes; node++)
        {
            await load.UntilAsync(node, ready: true);
        }

        await load.CompleteAsync(100);
        await load.StopAsync();
        await cluster.TerminateAsync(patience.Token);
        var tooSlow = Report(load);

        var rows = await Book.ReadAsync(cluster);
        Book.Check(rows, load.Completed);
        Assert.All(load.Failed, failed => Assert.True(FailedWith(failed), failed.ToString()));
        Assert.Empty(Full ? tooSlow : []);
    }

    private async Task HitAsync(Victim victim, bool hard, ClusterLoad load, Random random, CancellationToken patience)
    {
        var from = Environment.TickCount64;
        if (hard)
        {
            output.WriteLine($"kill {victim.Name}");
            await victim.KillAsync();
            await load.CompleteAsync(random.Next(1, 50));
            await victim.RestartAsync();
        }
        else
        {
            output.WriteLine($"stop {victim.Name} for {PauseLength.TotalSeconds} s");
            victim.Pause();
            await Task.Delay(PauseLength, patience);
            victim.Resume();
        }

        _outages.Add((from, Environment.TickCount64, victim));
    }

    /// <summary>A request fails only where the gateway that had it was killed in the middle, and then without an answer.</summary>
    private bool FailedWith(FailedRequest failed) => failed.Status is null
        && _outages.Exists(outage => outage.Victim.Name == failed.Node && outage.Victim.IsNode && failed.StartedAt <= outage.To && failed.FinishedAt >= outage.From);

    /// <returns>Those of Redis and PostgreSQL without which requests took too long: more than twice the usual.</returns>
    private List<string> Report(ClusterLoad load)
    {
        var tooSlow = new List<string>();
        var outages = _outages.Where(outage => !outage.Victim.IsNode).ToList();
        var quiet = load.Completed.Where(request => !_outages.Exists(outage => Overlaps(request, outage.From, outage.To))).ToList();
        var bound = Math.Max(2 * P99(quiet), Floor);
        output.WriteLine($"{load.Completed.Count} completed, {load.Failed.Count} ended with their gateway; p99 {P99(quiet):F1} ms while nothing was down");
        foreach (var victim in outages.GroupBy(outage => outage.Victim.Name))
        {
            // What a gateway that was down at the same time cost is not theirs.
            var during = load.Completed
                .Where(request => victim.Any(outage => Overlaps(request, outage.From, outage.To)))
                .Where(request => !_outages.Exists(outage => outage.Victim.IsNode && Overlaps(request, outage.From, outage.To)))
                .ToList();
            var line = $"p99 {P99(during):F1} ms over {during.Count} requests while {victim.Key} was down, at most {bound:F1}";
            output.WriteLine(line);
            if (P99(during) > bound)
            {
                tooSlow.Add(line);
            }
        }

        return tooSlow;
    }

    private static bool Overlaps(CompletedRequest request, long from, long to) => request.FinishedAt >= from && request.FinishedAt - request.Milliseconds <= to;

    private static double P99(IReadOnlyCollection<CompletedRequest> requests) =>
        requests.Count == 0 ? double.NaN : requests.Select(request => request.Milliseconds).Order().ElementAt(requests.Count * 99 / 100);
}
