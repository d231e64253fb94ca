namespace LlmGateway.LoadTests.Day;

/// <summary>What a vendor of the simulated day is like.</summary>
/// <param name="Deployment">Its name in <c>day.yaml</c>.</param>
/// <param name="FirstToken">Median time to the first token, in seconds.</param>
/// <param name="PerToken">Median time of each further token, in seconds.</param>
/// <param name="Knee">Requests in flight up to which it keeps its speed; with twice as many all takes half as long again.</param>
/// <param name="Down">Connections are refused during this part of the day; what was open is finished.</param>
internal sealed record Vendor(
    string Deployment, double FirstToken, double PerToken, int Knee, int Concurrent, int RequestsPerMinute, int TokensPerMinute, DayPart? Down = null);

/// <summary>From one time of the day up to another.</summary>
internal sealed record DayPart(TimeSpan From, TimeSpan To)
{
    public bool Contains(TimeSpan time) => time >= From && time < To;
}
