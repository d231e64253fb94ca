using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Admin;

/// <summary>A route <c>chat</c> with one deployment that can be asked, and two that cannot.</summary>
internal static class ExplainConfiguration
{
    public static TestConfiguration Create() => new TestConfiguration()
        .Edit("  nobody/model: { model: any }", "  nobody/model: { model: any }\n  sim/retired: { model: sim-small, stage: retired }")
        .Edit("chat: { deployments: [sim/small]", "chat: { deployments: [locked/model, sim/small, sim/retired]");
}
