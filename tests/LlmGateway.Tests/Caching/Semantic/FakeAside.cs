using LlmGateway.Gateway;

namespace LlmGateway.Tests.Caching.Semantic;

/// <summary>Answers calls to deployments as a test says, and remembers them.</summary>
internal sealed class FakeAside(Func<AsideCall, AsideAnswer> answer) : IAside
{
    public List<AsideCall> Calls { get; } = [];

    public ValueTask<AsideAnswer> AskAsync(AsideCall call, CancellationToken cancellation)
    {
        Calls.Add(call);
        return new(answer(call));
    }
}
