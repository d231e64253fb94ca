using System.Diagnostics;
using LlmGateway.LoadTests.Http;

namespace LlmGateway.LoadTests.Models;

/// <summary>One user: sends a request, waits for its answer, records it.</summary>
internal sealed class Sender(ChatClient client)
{
    // A target that is gone refuses at once: without an end to it the driver would only count refusals.
    private const int MostFailuresInARow = 20;

    private readonly Answer _answer = new();
    private int _failuresInARow;

    /// <summary>Whether it is pointless to send more.</summary>
    public bool GaveUp => _failuresInARow >= MostFailuresInARow;

    /// <summary>Sends one request that was meant to start at <paramref name="intended"/>, or else now.</summary>
    public async Task SendAsync(Measurement measurement, long? intended, CancellationToken abandon)
    {
        var sent = Stopwatch.GetTimestamp();
        Failure failure;
        try
        {
            failure = await client.SendAsync(_answer, abandon);
        }
        catch (OperationCanceledException)
        {
            failure = Failure.Unfinished;
        }

        _failuresInARow = failure == Failure.None ? 0 : _failuresInARow + 1;
        measurement.Record(intended ?? sent, sent, failure, _answer);
    }
}
