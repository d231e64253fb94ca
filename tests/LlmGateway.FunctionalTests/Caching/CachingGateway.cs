using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Caching;

/// <summary>A gateway whose routes keep answers.</summary>
internal static class CachingGateway
{
    /// <param name="cache">The <c>cache</c> of routes <c>chat</c> and <c>embed</c>, and of all that lead to faults.</param>
    /// <param name="more">Behind the rest of the configuration.</param>
    public static TestConfiguration Configuration(
        string cache = "{ exact: { ttl: 1h } }", IReadOnlyDictionary<string, string>? faults = null, string more = "")
    {
        var configuration = new TestConfiguration(faults, more);
        var routes = new List<string> { "chat: { deployments: [sim/small]", "embed: { deployments: [sim/embedding]", "down: { deployments: [nobody/model]" };
        routes.AddRange((faults?.Keys ?? []).Select(name => $"{name}: {{ deployments: [sim/{name}]"));
        foreach (var route in routes)
        {
            configuration.Edit(route, $"{route}, cache: {cache}");
        }

        return configuration;
    }

    public static Task<TestGateway> StartAsync(TestConfiguration configuration, TimeProvider? time = null) => TestGateway.StartAsync(configuration, time);

    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    /// <summary>What <c>x-gateway-cache</c> says.</summary>
    public static string? Cache(this HttpResponseMessage response) => response.Header("x-gateway-cache");

    /// <summary>How many requests have reached the provider.</summary>
    public static int Calls(this TestGateway gateway) => gateway.Simulator.Requests.Snapshot().Count;
}
