using System.Collections.Concurrent;
using System.Globalization;
using LlmGateway.Configuration;
using LlmGateway.FunctionalTests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>A call that reached a provider, and when it did.</summary>
internal sealed record ProviderCall(string Provider, int Number, DateTimeOffset At, string Body);

/// <summary>
/// A route <c>chat</c> over providers that do what a test says, a gateway with a clock that a test moves, and a record of what reached whom when.
/// </summary>
internal sealed class FailoverRig : IAsyncDisposable
{
    private const double Rounding = 0.002;

    private readonly TestConfiguration _configuration = new();
    private readonly List<ScriptedUpstream> _upstreams = [];
    private readonly ConcurrentQueue<ProviderCall> _calls = new();
    private TestGateway? _gateway;

    public ManualTime Time { get; } = new();

    public TestGateway Gateway => _gateway!;

    /// <summary>Every call of the providers, in the order in which they came.</summary>
    public IReadOnlyList<ProviderCall> Calls => [.. _calls];

    /// <summary>Which providers were called, in order: <c>a a b</c>.</summary>
    public string Order => string.Join(' ', _calls.Select(call => call.Provider));

    /// <summary>Time between the calls, in seconds.</summary>
    public IReadOnlyList<double> Gaps => [.. Calls.Zip(Calls.Skip(1), (one, next) => (next.At - one.At).TotalSeconds)];

    /// <summary>What the ledger says of the attempts: <c>a primary 429 rate_limit</c>.</summary>
    public IReadOnlyList<string> Ledger => [.. Gateway.Rows().Select(row => string.Join(' ', new[]
    {
        ((string)row["provider"]!), (string)row["cause"]!, Convert.ToString(row["status"], CultureInfo.InvariantCulture) is { Length: > 0 } status ? status : "-", row["error_class"] as string ?? "ok",
    }))];

    /// <param name="failover">The route's <c>failover</c>, as YAML.</param>
    /// <param name="route">More of the route, as YAML members that end with a comma.</param>
    /// <param name="provider">More of every provider, as YAML members that begin with a comma.</param>
    /// <param name="firstEvent">How long every provider may take to its first event.</param>
    /// <param name="providers">Each with what it does at its nth call, 1 for the first, and more of its deployment.</param>
    public static async Task<FailoverRig> StartAsync(
        IReadOnlyList<(string Name, Func<UpstreamCall, int, Task> Answer, string Deployment)> providers,
        string failover = "{}",
        string route = "",
        string provider = ", credentials: none",
        Action<IServiceCollection>? configure = null,
        string firstEvent = "20s")
    {
        var rig = new FailoverRig();
        var yaml = rig._configuration.Read();
        var addresses = providers.Select(one => (one.Name, one.Deployment, rig.Serve(one.Name, one.Answer).BaseUrl)).ToList();
        var limits = $"timeouts: {{ connect: 20s, first_event: {firstEvent}, idle: 9s, total: 600s }}";
        yaml = Put(yaml, "providers:", addresses.Select(one => $"{one.Name}: {{ dialect: openai, base_url: \"{one.BaseUrl}\", {limits}{provider} }}"));
        yaml = Put(yaml, "deployments:", addresses.Select(one => $"{one.Name}/m: {{ model: model-{one.Name}, price: nobody/any{one.Deployment} }}"));
        yaml = Put(yaml, "routes:", [$"faulty: {{ {route} deployments: [{string.Join(", ", providers.Select(one => one.Name + "/m"))}], failover: {failover} }}"]);
        rig._configuration.WithSecret("one.key", "sk-one").WithSecret("two.key", "sk-two").Write(yaml);
        rig._gateway = await TestGateway.StartAsync(rig._configuration, rig.Time, configure);
        return rig;
    }

    public Task<HttpResponseMessage> AskAsync(string more = "", Action<HttpRequestMessage>? with = null) => Gateway.ChatAsync(more, "faulty", with);

    /// <summary>Asks, and reads all that comes.</summary>
    public async Task<Received> ReceiveAsync(string more = "")
    {
        using var answer = await AskAsync(more);
        return Received.From(answer, await answer.Content.ReadAsStringAsync(Gateway.Soon));
    }

    /// <summary>Asks for a stream, and reads all that comes.</summary>
    public Task<Received> ReceiveStreamAsync(string more = "") => ReceiveAsync("\"stream\":true" + (more.Length > 0 ? "," + more : ""));

    /// <summary>What a fault has cost: the calls in their order, the seconds between them, and the rows that are left of it.</summary>
    /// <param name="order">As in <see cref="Order"/>.</param>
    /// <param name="gaps">The least and the most for each of <see cref="Gaps"/>.</param>
    /// <param name="ledger">As in <see cref="Ledger"/>.</param>
    public void Expect(string order, (double From, double To)[] gaps, params string[] ledger)
    {
        Assert.Equal(order, Order);
        Assert.Equal(gaps.Length, Gaps.Count);
        Assert.All(gaps.Zip(Gaps), gap => Assert.InRange(gap.Second, gap.First.From - Rounding, gap.First.To + Rounding));
        Assert.Equal(ledger, Ledger);
    }

    /// <summary>The frames of a stream, without <c>data: </c>.</summary>
    public Task<List<string>> StreamAsync(string more = "") => Gateway.StreamAsync(more, "faulty");

    /// <summary>Lets a wait of about that length pass.</summary>
    public Task PassAsync(double seconds, double? upTo = null) =>
        Time.PassAsync(TimeSpan.FromSeconds(seconds), upTo is { } most ? TimeSpan.FromSeconds(most) : null, Gateway.Soon);

    /// <summary>Lets every wait of about that length pass until the end.</summary>
    public Task PassUntilAsync(Task end, double seconds, double upTo) =>
        Time.PassUntilAsync(end, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(upTo), Gateway.Soon);

    /// <summary>Waits until so many wait for about that long.</summary>
    public Task WaitingAsync(int count, double seconds, double upTo) =>
        Time.WaitingAsync(count, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(upTo), Gateway.Soon);

    /// <summary>Waits until so many calls have reached the providers.</summary>
    public async Task CalledAsync(int count)
    {
        while (_calls.Count < count)
        {
            Gateway.Soon.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>A new Snapshot of what is in essence the same configuration.</summary>
    public void Reload()
    {
        _configuration.Write(_configuration.Read() + "\n# once more\n");
        Assert.Equal(ReloadResult.Applied, Gateway.Host.Services.GetRequiredService<ConfigurationReloader>().Reload().Result);
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        foreach (var upstream in _upstreams)
        {
            await upstream.DisposeAsync();
        }

        _configuration.Dispose();
    }

    private static string Put(string yaml, string section, IEnumerable<string> lines) =>
        yaml.Replace($"\n{section}", $"\n{section}\n" + string.Join('\n', lines.Select(line => "  " + line)), StringComparison.Ordinal);

    private ScriptedUpstream Serve(string name, Func<UpstreamCall, int, Task> answer)
    {
        var number = 0;
        var upstream = new ScriptedUpstream(async call =>
        {
            var mine = Interlocked.Increment(ref number);
            _calls.Enqueue(new ProviderCall(name, mine, Time.GetUtcNow(), call.Body));
            await answer(call, mine);
        });
        _upstreams.Add(upstream);
        return upstream;
    }
}
