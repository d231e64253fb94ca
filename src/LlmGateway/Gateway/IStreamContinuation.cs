using LlmGateway.Upstream;

namespace LlmGateway.Gateway;

/// <summary>Begins a further attempt when a stream that the client is reading has died. On the exchange where its route resumes streams.</summary>
internal interface IStreamContinuation
{
    /// <summary>
    /// Asks the next deployment that may go on, and the next after it where one refuses; each is a row of its own, and settled where it failed.
    /// Null when nobody is left: the stream then ends with an error event.
    /// </summary>
    /// <param name="prefix">
    /// The text delivered so far, as the content of a JSON string without its quotes: a deployment with the capability
    /// <c>prefix_completion</c> is asked to go on from it. Empty where it cannot be told (tool calls): then all begin anew.
    /// </param>
    ValueTask<Continuation?> NextAsync(Exchange exchange, ReadOnlyMemory<byte> prefix);
}

/// <summary>A 2xx event stream of a further attempt, of which nothing has been read yet.</summary>
/// <param name="FromPrefix">It goes on from the delivered text; otherwise it begins anew and what equals the delivered text is to be left out.</param>
internal sealed record Continuation(Attempt Attempt, HttpResponseMessage Response, bool FromPrefix) : IDisposable
{
    public void Dispose() => Response.Dispose();
}
