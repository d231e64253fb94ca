using System.Text;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Health;
using LlmGateway.Keys;
using LlmGateway.Requests;
using LlmGateway.Routing;
using LlmGateway.Upstream;
using Microsoft.AspNetCore.Http;

namespace LlmGateway.Benchmarks;

/// <summary>What the benchmarks share: the shipped configuration, requests of two sizes, an exchange that has come as far as its attempt.</summary>
internal static class BenchmarkData
{
    public const string Route = "chat";

    public static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    public static Snapshot Snapshot { get; } = Load();

    /// <summary>A chat of about that many bytes, in messages of 400.</summary>
    public static byte[] Chat(int bytes, bool stream = true)
    {
        var text = new StringBuilder($$"""{"model":"{{Route}}","stream":{{(stream ? "true" : "false")}},"temperature":0.2,"messages":[""");
        const string Words = "The quick brown fox jumps over the lazy dog, said \\\"nobody\\\" and left. ";
        do
        {
            text.Append(text[^1] == '[' ? "" : ",").Append("""{"role":"user","content":" """).Insert(text.Length, Words, 5).Append("\"}");
        }
        while (text.Length < bytes);
        return Encoding.UTF8.GetBytes(text.Append("]}").ToString());
    }

    public static InferenceRequest Read(byte[] body) =>
        RequestReader.TryRead(EndpointKind.ChatCompletions, body, owner: null, out var request, out var error) ? request : throw new InvalidOperationException(error.Message);

    public static Exchange Exchange(InferenceRequest request)
    {
        var route = Snapshot.Routes[Route];
        var deployment = route.Targets[0].Deployment;
        return new Exchange(new DefaultHttpContext(), Snapshot, EndpointKind.ChatCompletions, Guid.CreateVersion7(Noon), Noon, 0)
        {
            RequestId = "01a206b7-78f3-795a-ac87-ca4f77d03aa9",
            Key = new VirtualKey { Id = "key_zsugj6lbap58pvkkk0xf", Name = "ci", Tenant = "demo", Project = "demo" },
            Tags = """{"team":"search"}"""u8.ToArray(),
            Request = request,
            Route = route.Name,
            Plan = new RoutePlan(route, []),
            Attempt = new Attempt(1, AttemptCause.Primary, deployment, new DeploymentState(deployment.Name, new ProviderState("p")), null, new AttemptClock(TimeProvider.System, deployment.Timeouts)),
        };
    }

    private static Snapshot Load()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "LlmGateway.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The benchmarks do not run inside a checkout.");
        }

        var paths = new GatewayPaths(Path.Combine(folder, "config", "gateway.yaml"), Path.GetTempPath(), []);
        return new ConfigurationLoader(paths, TimeProvider.System).Load().Snapshot ?? throw new InvalidOperationException("The shipped configuration has errors.");
    }
}
