namespace LlmGateway.LoadTests.Day;

/// <summary>What a day came to under one policy.</summary>
/// <param name="Failures">Requests whose client got an error.</param>
/// <param name="FailuresInOutage">Those of them that came while a vendor was down.</param>
/// <param name="Cost">In the base currency.</param>
/// <param name="Median">Time to the last token, in seconds, of what was answered.</param>
/// <param name="FirstP95">95th percentile of the time to the first token of what was streamed, in seconds.</param>
/// <param name="Limited">Attempts that met a 429.</param>
/// <param name="Refused">Attempts that met no connection.</param>
internal sealed record DayFigures(
    string Policy, int Requests, int Failures, int FailuresInOutage, decimal Cost, double Median, double P95, double FirstP95, int Attempts, int Limited, int Refused)
{
    /// <summary>Per cent of the answers that came from each vendor, in the order of <see cref="DayWorld.Vendors"/>.</summary>
    public required string Shares { get; init; }
}
