namespace LlmGateway.Limits;

/// <summary>What an attempt may use at most.</summary>
/// <param name="Input">Tokens of the request.</param>
/// <param name="Output">Tokens of all its answers together.</param>
internal readonly record struct Demand(long Input, long Output)
{
    /// <summary>
    /// The input is estimated by its size, a token for four bytes. Prose is met by that; code, numbers and rare scripts come to a token for two: what
    /// is held is twice the estimate, and a few tokens for the frame.
    /// </summary>
    public static long InputOf(long estimate) => (2 * estimate) + 16;

    /// <summary>Tokens of a measure; 0 for what is not counted in tokens.</summary>
    public long Of(Measure measure) => measure switch
    {
        Measure.InputTokens => Input,
        Measure.OutputTokens => Output,
        Measure.Tokens => Input + Output,
        _ => 0,
    };
}
