namespace LlmGateway.FunctionalTests.Hosting;

/// <summary>Tests that take the whole machine: one after the other, and beside no other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Heavy
{
    public const string Name = "heavy";
}
