using LlmGateway.Catalog;
using LlmGateway.Routing;

namespace LlmGateway.Tests.Routing;

/// <summary>Who stands in a plan behind those that are asked: who rests.</summary>
public sealed class LastResortTests : IDisposable
{
    private const string Tools = ""","tools":[{"type":"function","function":{"name":"f"}}]""";

    private readonly RoutingRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void What_has_another_reason_too_is_not_there()
    {
        var old = _rig.Deploy("p/old", with: it => it with { Stage = Stage.Deprecated });
        var able = _rig.Deploy("p/able", with: it => it with { DeclaresCapabilities = true, Capabilities = Capabilities.Tools });
        _rig.Route("chat", null, able, old, _rig.Deploy("p/silent"));
        foreach (var name in new[] { "p/old", "p/silent" })
        {
            _rig.Health.Set(name, Rest(1));
        }

        Assert.Equal(["p/able"], _rig.Plan(_rig.Exchange(more: Tools)));
        Assert.Equal(["p/able", "p/silent"], _rig.Plan());
    }

    private static CandidateHealth Rest(int seconds) => new() { RestsUntil = RoutingRig.Now.AddSeconds(seconds) };
}
