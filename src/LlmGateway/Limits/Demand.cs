namespace LlmGateway.Limits;

/// <summary>What an attempt may use at most.</summary>
/// <param name="Input">Tokens of the request.</param>
/// <param name="Output">Tokens of all its answers together.</param>
internal readonly record struct Demand(long Input, long Output)
{
    /// <summary>
    /// The input is estimated by its size, and code and numbers run up to a third above that: half as much again, and a few tokens for the frame,
    /// is more than it comes to.
    /// </summary>
    public static long InputOf(long estimate) => estimate + (estimate / 2) + 16;

    /// <summary>Tokens of a measure; 0 for what is not counted in tokens.</summary>
    public long Of(Measure measure) => measure switch
    {
        Measure.InputTokens => Input,
        Measure.OutputTokens => Output,
        Measure.Tokens => Input + Output,
        _ => 0,
    };
}
