namespace LlmGateway.Simulator.Recording;

/// <summary>What the simulator saw of one request. The figures grow while the request runs; read them from any thread.</summary>
public sealed class SimulatedRequest
{
    private int _eventsWritten;
    private int _status;
    private long _finishedTicks;
    private volatile bool _clientAborted;

    internal SimulatedRequest(string method, string path, KeyValuePair<string, string>[] headers, DateTimeOffset startedAt)
    {
        Method = method;
        Path = path;
        Headers = headers;
        StartedAt = startedAt;
    }

    /// <summary>The HTTP method.</summary>
    public string Method { get; }

    /// <summary>The path, without the query.</summary>
    public string Path { get; }

    /// <summary>Request headers as they arrived, one entry for each name; the key is in the clear.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>The first bytes of the body, up to <see cref="SimulatorOptions.RequestLogBodyBytes"/>.</summary>
    public ReadOnlyMemory<byte> Body { get; internal set; }

    /// <summary>The length of the whole body in bytes.</summary>
    public int BodyLength { get; internal set; }

    /// <summary>The model that was asked for, fault suffix included; null where the request names none.</summary>
    public string? Model { get; internal set; }

    /// <summary>The faults that were applied, in the grammar of <see cref="Faults.FaultGrammar"/>; null for none.</summary>
    public string? Fault { get; internal set; }

    /// <summary>When the request arrived.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>When the answer was complete, or given up; null while it runs.</summary>
    public DateTimeOffset? FinishedAt => Interlocked.Read(ref _finishedTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>The client left before the answer was complete; <see cref="FinishedAt"/> says when that was noticed.</summary>
    public bool ClientAborted => _clientAborted;

    /// <summary>Stream events written so far, <c>[DONE]</c> included.</summary>
    public int EventsWritten => Volatile.Read(ref _eventsWritten);

    /// <summary>The status of the answer; 0 while none was sent.</summary>
    public int Status => Volatile.Read(ref _status);

    /// <summary>The value of a request header, or null; the name in any case.</summary>
    public string? Header(string name)
    {
        foreach (KeyValuePair<string, string> header in Headers)
        {
            if (string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase))
            {
                return header.Value;
            }
        }

        return null;
    }

    internal void EventWritten() => Volatile.Write(ref _eventsWritten, _eventsWritten + 1);

    internal void Answered(int status) => Volatile.Write(ref _status, status);

    internal void Finish(DateTimeOffset at, bool aborted)
    {
        _clientAborted = aborted;
        Interlocked.Exchange(ref _finishedTicks, at.UtcTicks);
    }
}
