namespace LlmGateway.LoadTests.Day;

/// <summary>One request of the recorded day.</summary>
/// <param name="Second">Of the day, to a tenth.</param>
/// <param name="Output">How long the answer becomes, wherever it is asked for; no policy can know it.</param>
internal readonly record struct Arrival(double Second, int Input, int Output, bool Stream, int Conversation);
