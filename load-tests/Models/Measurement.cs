using System.Diagnostics;
using LlmGateway.LoadTests.Http;

namespace LlmGateway.LoadTests.Models;

/// <summary>
/// What one measured window saw. A request belongs to the window in which it was meant to start, however late its answer comes:
/// dropping the ones that were still running at the end would drop the slowest.
/// </summary>
internal sealed class Measurement
{
    private readonly int[] _failures = new int[Enum.GetValues<Failure>().Length];
    private long _opened = long.MaxValue;
    private long _closed = long.MaxValue;
    private long _completed;
    private long _tokens;

    /// <summary>From the intended start to the last byte.</summary>
    public Latencies Latency { get; } = new();

    /// <summary>From the intended start to the first token.</summary>
    public Latencies FirstToken { get; } = new();

    public Latencies TokenGap { get; } = new();

    /// <summary>How long after its intended start the driver sent a request: the driver's own share of the open model's latency.</summary>
    public Latencies SendDelay { get; } = new();

    public long Completed => Interlocked.Read(ref _completed);

    public long Tokens => Interlocked.Read(ref _tokens);

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_opened, _closed);

    public string? FirstFailure { get; private set; }

    public int Failed => _failures.Sum();

    public void Open() => Volatile.Write(ref _opened, Stopwatch.GetTimestamp());

    public void Close() => Volatile.Write(ref _closed, Stopwatch.GetTimestamp());

    public bool Counts(long intendedStart) => intendedStart >= Volatile.Read(ref _opened) && intendedStart < Volatile.Read(ref _closed);

    public void Record(long intended, long sent, Failure failure, Answer answer)
    {
        if (!Counts(intended))
        {
            return;
        }

        var now = Stopwatch.GetTimestamp();
        SendDelay.Record(sent - intended);
        if (failure != Failure.None)
        {
            Fail(failure, intended, now, answer);
            return;
        }

        Interlocked.Increment(ref _completed);
        Latency.Record(now - intended);
        var stream = answer.Stream;
        if (stream.Tokens > 0)
        {
            Interlocked.Add(ref _tokens, stream.Tokens);
            FirstToken.Record(stream.FirstToken - intended);
            foreach (var gap in stream.Gaps)
            {
                TokenGap.Record(gap);
            }
        }
    }

    public int Failures(Failure kind) => _failures[(int)kind];

    private void Fail(Failure failure, long intended, long now, Answer answer)
    {
        Interlocked.Increment(ref _failures[(int)failure]);
        FirstFailure ??= failure == Failure.Status ? $"status {answer.Status}: {answer.Excerpt}" : failure.ToString();

        // A request that got no answer in time is as slow as the wait for it, never absent.
        if (failure == Failure.Unfinished)
        {
            Latency.Record(now - intended);
        }
    }
}
