using LlmGateway.LoadTests.Scenarios;

namespace LlmGateway.LoadTests.Processes;

/// <summary>Simulator, bare forwarder and gateway, each in a process of its own; fresh for each scenario, so that none inherits a heap.</summary>
internal sealed class TestBed : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmgateway-load-").FullName;
    private readonly List<ChildProcess> _children = [];
    private readonly List<Target> _targets = [];
    private readonly RunOptions _options;
    private readonly TimeProvider _time;
    private RedisProcess? _redis;
    private string? _limitedKey;

    private TestBed(RunOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
    }

    /// <summary>Direct first, then what is measured against it.</summary>
    public IReadOnlyList<Target> Targets => _targets;

    public ProcessSampler Driver { get; } = new(Environment.ProcessId);

    /// <param name="withRedis">The gateway keeps limits and budgets in a Redis.</param>
    public static async Task<TestBed> StartAsync(RunOptions options, bool withRedis, TimeProvider time, CancellationToken cancellationToken)
    {
        var bed = new TestBed(options, time);
        try
        {
            bed._redis = withRedis ? await RedisProcess.StartAsync(bed._folder, cancellationToken) : null;
            await bed.StartSimulatorAsync(cancellationToken);
            await bed.StartForwarderAsync(cancellationToken);
            await bed.StartGatewayAsync(cancellationToken);
            return bed;
        }
        catch
        {
            await bed.DisposeAsync();
            throw;
        }
    }

    /// <summary>The target as it is asked for paced streams.</summary>
    public Target Streamed(Target target) =>
        target with { Model = target.Name == Target.Gateway ? GatewayFolder.StreamRoute : _options.StreamModel };

    /// <summary>The gateway as it is asked by a tenant with limits and budgets; every other target as it is.</summary>
    public Target Limited(Target target) => target.Name == Target.Gateway && _limitedKey is { } key ? target with { Key = key } : target;

    /// <summary>The gateway as it is asked for another of its routes; every other target as it is.</summary>
    public static Target By(Target target, string route) => target.Name == Target.Gateway ? target with { Model = route } : target;

    /// <exception cref="LoadTestException">A child is gone; with the end of its output.</exception>
    public void EnsureAlive()
    {
        if (_children.Find(child => child.HasExited) is { } ended)
        {
            throw new LoadTestException($"The {ended.Name} ended during the measurement. Its last output:\n{ended.LastOutput()}");
        }
    }

    /// <summary>What the children said last, for a message about a failure that they may explain.</summary>
    public string LastOutput(string name) => _children.Find(child => child.Name == name)?.LastOutput() ?? "  (not started by this run)";

    public async ValueTask DisposeAsync()
    {
        for (var i = _children.Count - 1; i >= 0; i--)
        {
            await _children[i].DisposeAsync();
        }

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static string Beside(string assembly) => Path.Combine(AppContext.BaseDirectory, assembly);

    private static ProcessSampler? Sampler(int? processId) => processId is { } id ? new ProcessSampler(id) : null;

    private async Task StartSimulatorAsync(CancellationToken cancellationToken)
    {
        var url = _options.SimulatorUrl;
        var sampler = Sampler(_options.SimulatorPid);
        if (url is null)
        {
            url = FreePort.Url();
            var child = Start("simulator", "LlmGateway.dll", ["simulate", "--urls", url.AbsoluteUri], new Dictionary<string, string>());
            await Readiness.WaitAsync(child, new Uri(url, "/v1/models"), GatewayFolder.UpstreamKey, _time, cancellationToken);
            sampler = child.Sampler;
        }

        _targets.Add(new Target(Target.Direct, url, GatewayFolder.UpstreamKey, _options.Model, sampler));
    }

    private async Task StartForwarderAsync(CancellationToken cancellationToken)
    {
        var url = _options.ForwarderUrl;
        var sampler = Sampler(_options.ForwarderPid);
        if (url is null)
        {
            url = FreePort.Url();
            string[] arguments = ["forwarder", "--urls", url.AbsoluteUri, "--upstream", _targets[0].Url.AbsoluteUri];
            var child = Start(Target.Forwarder, "LlmGateway.LoadTests.dll", arguments, new Dictionary<string, string>());
            await Readiness.WaitAsync(child, new Uri(url, "/v1/models"), GatewayFolder.UpstreamKey, _time, cancellationToken);
            sampler = child.Sampler;
        }

        _targets.Add(new Target(Target.Forwarder, url, GatewayFolder.UpstreamKey, _options.Model, sampler));
    }

    private async Task StartGatewayAsync(CancellationToken cancellationToken)
    {
        if (_options.WithoutGateway)
        {
            return;
        }

        if (_options.GatewayUrl is { } given)
        {
            _targets.Add(new Target(Target.Gateway, given, _options.GatewayKey ?? "", GatewayFolder.Route, Sampler(_options.GatewayPid)));
            return;
        }

        var url = FreePort.Url();
        var folder = GatewayFolder.Write(_folder, _targets[0].Url, _options.Model, _options.StreamModel, _redis?.Connection);
        _limitedKey = folder.LimitedKey;
        string[] arguments = ["serve", "--config", folder.Configuration, "--data", folder.Data, "--urls", url.AbsoluteUri];
        var child = Start(Target.Gateway, "LlmGateway.dll", arguments, folder.Environment);
        await Readiness.WaitAsync(child, new Uri(url, "/readyz"), key: null, _time, cancellationToken);
        _targets.Add(new Target(Target.Gateway, url, folder.Key, GatewayFolder.Route, child.Sampler));
    }

    private ChildProcess Start(string name, string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var child = ChildProcess.Start(name, Beside(assembly), arguments, environment, _folder);
        _children.Add(child);
        return child;
    }
}
