using System.Collections.Concurrent;

namespace LlmGateway.Routing;

/// <summary>The histories of all routes, by name. They outlive Snapshots, and there are no more than the configuration has had names.</summary>
internal sealed class OutputHistories
{
    private readonly ConcurrentDictionary<string, OutputHistory> _byRoute = new(StringComparer.Ordinal);

    public OutputHistory Of(string route) => _byRoute.GetOrAdd(route, static _ => new OutputHistory());
}
