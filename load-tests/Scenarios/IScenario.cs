using LlmGateway.LoadTests.Processes;
using LlmGateway.LoadTests.Reporting;

namespace LlmGateway.LoadTests.Scenarios;

/// <summary>One question and the load that answers it.</summary>
internal interface IScenario
{
    string Name { get; }

    /// <summary>The question, for <c>--help</c> and the report.</summary>
    string Summary { get; }

    /// <summary>The gateway keeps limits and budgets in a Redis.</summary>
    bool WantsRedis => false;

    Task<ScenarioResult> RunAsync(TestBed bed, RunOptions options, TimeProvider time, CancellationToken cancellationToken);
}
