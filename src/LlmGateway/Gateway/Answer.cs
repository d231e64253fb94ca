using LlmGateway.Upstream;

namespace LlmGateway.Gateway;

/// <summary>An answer that is good enough to begin sending, before its first byte goes to the client.</summary>
internal sealed class Answer : IDisposable
{
    /// <summary>For a stream: the events, beginning with those already read. Null for a complete body.</summary>
    public HttpContent? Stream { get; init; }

    /// <summary>For an answer that is not streamed: the whole body. Null for a stream.</summary>
    public PooledBody? Body { get; init; }

    public required string ContentType { get; init; }

    public void Dispose()
    {
        Stream?.Dispose();
        Body?.Dispose();
    }
}

/// <summary>Stands between a provider's answer and the client: reads until the answer is known to be good or bad.</summary>
internal interface IAnswerGate
{
    /// <summary>
    /// Reads a 2xx answer up to its first meaningful event, or whole when it is not streamed. Null when the answer turned out to be a
    /// failure, which is then written on the attempt. Throws only <see cref="OperationCanceledException"/>, when a limit ran out or the client left,
    /// and what the transport throws.
    /// </summary>
    ValueTask<Answer?> OpenAsync(Exchange exchange, Attempt attempt, HttpResponseMessage response, CancellationToken cancellationToken);
}
