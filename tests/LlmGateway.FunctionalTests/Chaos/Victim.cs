using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Chaos;

/// <summary>A process that a test kills or stops, and brings back.</summary>
internal sealed record Victim(string Name, Func<Task> KillAsync, Func<Task> RestartAsync, Action Pause, Action Resume)
{
    /// <summary>Clients may see a request end that was on it; with any other victim none.</summary>
    public bool IsNode { get; init; }

    public static Victim Of(Node node, CancellationToken patience) =>
        new(node.Name, node.KillAsync, () => node.StartAsync(patience), node.Pause, node.Resume) { IsNode = true };

    public static Victim Of(RedisServer redis) => new("redis", redis.KillAsync, redis.RestartAsync, redis.Pause, redis.Resume);

    public static Victim Of(PostgresServer postgres) => new("postgres", postgres.KillAsync, postgres.RestartAsync, postgres.Stop, postgres.Continue);
}
