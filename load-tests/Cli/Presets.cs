using LlmGateway.LoadTests.Scenarios;

namespace LlmGateway.LoadTests.Cli;

/// <summary>The values of the options that the command line leaves out.</summary>
internal static class Presets
{
    /// <summary>Long enough for figures to be quoted.</summary>
    public static RunOptions Standard { get; } = new()
    {
        Warmup = TimeSpan.FromSeconds(15),
        Duration = TimeSpan.FromSeconds(5),
        Rounds = 5,
        Connections = 32,
        AnswerTokens = 48,
        Streams = 512,
        StreamTokens = 100,
        FirstToken = TimeSpan.FromMilliseconds(100),
        TokenGap = TimeSpan.FromMilliseconds(50),
        Rate = 1000,
        StreamRate = 50,
        OpenConnections = 512,
        Requests = 200_000,
        SampleEvery = 10_000,
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>Everything once in about a minute: shows that all works, not how fast.</summary>
    public static RunOptions Quick { get; } = Standard with
    {
        Warmup = TimeSpan.FromSeconds(1),
        Duration = TimeSpan.FromSeconds(1),
        Rounds = 2,
        Streams = 64,
        StreamTokens = 20,
        Rate = 300,
        OpenConnections = 64,
        Requests = 10_000,
        SampleEvery = 1_000,
        Timeout = TimeSpan.FromSeconds(10),
    };
}
