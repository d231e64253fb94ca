namespace LlmGateway.LoadTests.Reporting;

/// <summary>A figure that the gateway is to reach.</summary>
/// <param name="Text">What is asked, with its bound.</param>
/// <param name="Measured">What was measured; null where it could not be.</param>
/// <param name="Bound">The most that passes.</param>
internal sealed record Goal(string Text, double? Measured, double Bound)
{
    public bool? Reached => Measured <= Bound ? true : Measured is null ? null : false;

    public string Verdict => Reached switch { true => "reached", false => "**missed**", null => "not measured" };
}
