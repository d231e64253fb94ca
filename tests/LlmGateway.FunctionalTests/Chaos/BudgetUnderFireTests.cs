using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Storage;
using Xunit.Abstractions;

namespace LlmGateway.FunctionalTests.Chaos;

/// <summary>A thousand requests at once over three nodes that share a budget in Redis, one of which is killed in the middle.</summary>
[Collection(Heavy.Name)]
public sealed partial class BudgetUnderFireTests(ITestOutputHelper output)
{
    private const int Nodes = 3;
    private const int Requests = 1000;
    private const decimal Budget = 1.00m;

    /// <summary>Neither leaves, nor streams, nor fails, and asks for 151 tokens.</summary>
    private const int Calm = 101;

    /// <summary>What that one may cost at most, its input estimated generously.</summary>
    private const decimal MostOfOne = 0.0125m;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(12);

    private static readonly Dictionary<string, string> Faults = new()
    {
        ["paced"] = "pace=2ms",
        ["flaky"] = "status=503",
        ["slow"] = "pace=50ms",
    };

    [Fact]
    public async Task No_more_is_spent_than_there_is_and_in_the_end_nothing_is_held()
    {
        using var patience = new CancellationTokenSource(Patience);
        using var redis = await RedisServer.StartAsync();

        // A request holds 0.004 to 0.012: an eighth of a thousand fits at once.
        using var configuration = new TestConfiguration(Faults, NodeCluster.Shared, failover: "{ attempts: 3 }")
            .Edit("input: 1, cached_input: 0.1, output: 4,", "input: 1, cached_input: 0.1, output: 80,")
            .Edit("flaky: { deployments: [sim/flaky]", "flaky: { deployments: [sim/flaky, sim/paced]")
            .Edit("acme: { projects:", $"acme: {{ budgets: [ {{ name: fire, amount: {Budget.ToString(CultureInfo.InvariantCulture)}, period: total }} ], projects:");
        await using var cluster = await NodeCluster.StartAsync(configuration, Nodes, redis.ConnectionString);
        var clients = cluster.Nodes.Select(NewClient).ToList();
        var statuses = new ConcurrentBag<int>();
        var refusals = new ConcurrentBag<Refusal>();
        var answered = 0;
        var killing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var fire = Enumerable.Range(0, Requests).Select(number => Task.Run(async () =>
        {
            statuses.Add(await AskAsync(clients[number % Nodes], number, refusals, patience.Token));
            if (Interlocked.Increment(ref answered) == 50)
            {
                killing.SetResult();
            }
        })).ToList();

        await killing.Task.WaitAsync(patience.Token);
        await cluster.Nodes[0].KillAsync();
        await Task.WhenAll(fire).WaitAsync(patience.Token);
        await cluster.Nodes[0].StartAsync(patience.Token);

        // What the killed node held is given back when its lease has ended.
        var (spent, held) = await FiguresAsync(clients[1], patience.Token);
        while (held != 0)
        {
            await Task.Delay(250, patience.Token);
            (spent, held) = await FiguresAsync(clients[1], patience.Token);
        }

        output.WriteLine($"after the fire {spent} is spent; {string.Join(", ", statuses.CountBy(status => status).Select(count => $"{count.Value} of status {count.Key}"))}");
        Assert.InRange(spent, 0.000000001m, Budget);

        // What is left can be spent, to the last request that fits, on whichever node.
        for (var number = 0; await AskAsync(clients[number % Nodes], Calm, refusals, patience.Token) == 200; number++)
        {
        }

        // Redis says with each refusal what was left when it refused, and that is what decides: before, while and after a node was killed, and while
        // what that one held was still held.
        var judged = refusals.Where(static refusal => !refusal.IsDegraded).ToList();
        Assert.NotEmpty(judged);
        output.WriteLine($"{judged.Count} refusals by Redis, of which the nearest had {judged.Min(static refusal => refusal.Asked - refusal.Left)} too little; {refusals.Count - judged.Count} without it");
        Assert.All(judged, static refusal => Assert.True(refusal.Left < refusal.Asked, $"{refusal} would have fitted"));

        (spent, held) = await FiguresAsync(clients[1], patience.Token);
        Assert.Equal(0, held);
        await cluster.TerminateAsync(patience.Token);
        var booked = cluster.Nodes.Sum(node => Booked(node.DataFolder));
        output.WriteLine($"spent {spent}, booked {booked}");
        clients.ForEach(client => client.Dispose());

        Assert.InRange(spent, Budget - MostOfOne, Budget);
        Assert.InRange(booked, Budget - MostOfOne, Budget);
        Assert.All(statuses, status => Assert.Contains(status, new[] { 0, 200, 429 }));
        Assert.Contains(429, statuses);
    }

    private static HttpClient NewClient(Node node)
    {
        var client = new HttpClient { BaseAddress = node.Address, Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Authorization = new("Bearer", TestConfiguration.Key);
        return client;
    }

    /// <summary>The status; 0 where the client left or the node was killed.</summary>
    private static async Task<int> AskAsync(HttpClient client, int number, ConcurrentBag<Refusal> refusals, CancellationToken patience)
    {
        var leaves = number % 10 == 3;
        var stream = leaves || number % 2 == 0;
        var model = leaves ? "slow" : number % 7 == 0 ? "flaky" : "paced";
        var body = TestGateway.ChatBody($"\"max_tokens\":{50 + (number % 102)}" + (stream ? ",\"stream\":true" : ""), model);
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = new StringContent(body, null, "application/json") };
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience);
            if (leaves && response.StatusCode == HttpStatusCode.OK)
            {
                // Its connection is closed with what has not been read.
                return 0;
            }

            var text = await response.Content.ReadAsStringAsync(patience);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                var said = Said().Match(text);
                Assert.True(said.Success, text);
                refusals.Add(new Refusal(Amount(said.Groups[1]), Amount(said.Groups[2]), response.Headers.Contains("x-gateway-degraded")));
            }

            return (int)response.StatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return 0;
        }
    }

    [GeneratedRegex(@"it may cost ([\d.]+) USD, and ([\d.]+) USD is neither spent nor held")]
    private static partial Regex Said();

    private static decimal Amount(Group digits) => decimal.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);

    private static async Task<(decimal Spent, decimal Held)> FiguresAsync(HttpClient client, CancellationToken patience)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "admin/v1/budgets") { Headers = { Authorization = new("Bearer", TestConfiguration.AdminKey) } };
        using var response = await client.SendAsync(request, patience);
        using var page = JsonDocument.Parse(await response.Content.ReadAsStringAsync(patience));
        var figures = page.RootElement.GetProperty("data").EnumerateArray().Single(budget => budget.GetProperty("name").GetString() == "fire").GetProperty("figures");
        return (Amount("spent"), Amount("held"));

        decimal Amount(string name) => decimal.Parse(figures.GetProperty(name).GetProperty("amount").GetString()!, CultureInfo.InvariantCulture);
    }

    private static decimal Booked(string folder)
    {
        using var connection = new SqliteDatabase(folder).OpenForReading();
        return connection.Query<string?>("SELECT cost FROM ledger").Sum(cost => cost is null ? 0 : decimal.Parse(cost, CultureInfo.InvariantCulture));
    }

    /// <summary>What a request was refused for.</summary>
    private sealed record Refusal(decimal Asked, decimal Left, bool IsDegraded);
}
