namespace LlmGateway.LoadTests.Scenarios;

/// <summary>What one run is to do; the command line documents each.</summary>
internal sealed record RunOptions
{
    public required TimeSpan Warmup { get; init; }
    public required TimeSpan Duration { get; init; }
    public required int Rounds { get; init; }
    public required int Connections { get; init; }
    public required int AnswerTokens { get; init; }
    public required int Streams { get; init; }
    public required int StreamTokens { get; init; }
    public required TimeSpan FirstToken { get; init; }
    public required TimeSpan TokenGap { get; init; }
    public required double Rate { get; init; }
    public required double StreamRate { get; init; }
    public required int OpenConnections { get; init; }
    public required long Requests { get; init; }
    public required long SampleEvery { get; init; }
    public required TimeSpan Timeout { get; init; }

    public string Model { get; init; } = "sim-small";
    public Uri? SimulatorUrl { get; init; }
    public int? SimulatorPid { get; init; }
    public Uri? ForwarderUrl { get; init; }
    public int? ForwarderPid { get; init; }
    public Uri? GatewayUrl { get; init; }
    public int? GatewayPid { get; init; }
    public string? GatewayKey { get; init; }
    public bool WithoutGateway { get; init; }

    /// <summary>How long one paced stream takes when nothing holds it up.</summary>
    public TimeSpan StreamLength => FirstToken + TokenGap * (StreamTokens - 1);

    /// <summary>The model name that asks the simulator for paced streams.</summary>
    public string StreamModel =>
        FormattableString.Invariant($"{Model}!first={FirstToken.TotalMilliseconds:0}ms,pace={TokenGap.TotalMilliseconds:0}ms");
}
