using LlmGateway.Gateway;
using LlmGateway.Protocols.Errors;
using LlmGateway.Upstream;

namespace LlmGateway.Streaming;

/// <summary>
/// Goes on with a stream that died after the client had a part of it: asks one deployment after the other, until one makes the answer whole,
/// one says something else, or nobody is left. Each is an attempt of its own, settled before the client sees what comes behind it.
/// </summary>
/// <param name="exchange">Has somebody to ask.</param>
/// <param name="delivered">What the client has.</param>
/// <param name="broken">The attempt that died; it is settled.</param>
/// <param name="client">Receives what the client is to see.</param>
/// <param name="metrics">Of this room.</param>
internal sealed class Resumption(Exchange exchange, Delivered delivered, Attempt broken, EventBuffer client, StreamingMetrics metrics) : IDisposable
{
    private Attempt _lastFailed = broken;
    private ContinuationReader? _reader;

    /// <summary>The client has, or finds in its buffer, the end: the mark, or an error event.</summary>
    public bool Ended { get; private set; }

    /// <summary>A policy's refusal, and what is the caller's own fault, would be the same elsewhere: they are tried once. A gateway that stops asks nobody.</summary>
    public static bool MayFollow(Attempt failed) => failed.Outcome!.Class is not (ErrorClass.ContentFilter or ErrorClass.BadRequest or ErrorClass.Interrupted);

    /// <summary>The event that ends a stream which nobody goes on with.</summary>
    public static void WriteError(Exchange exchange, Attempt failed, EventBuffer client)
    {
        var error = failed.Error();
        exchange.Broken = error.Code ?? error.Type;
        client.Finish(StreamTerminator.Error(error));
    }

    /// <summary>Goes on until there is something for the client.</summary>
    /// <exception cref="OperationCanceledException">The client left.</exception>
    public async ValueTask GoOnAsync()
    {
        while (client.ReadyLength == 0 && !Ended)
        {
            if (_reader is null && !await BeginAsync())
            {
                EndBroken();
                return;
            }

            try
            {
                await StepAsync(_reader!);
            }
            catch (Exception) when (_reader is { } reader)
            {
                // The client left, or a defect: the attempt is a row all the same.
                reader.Attempt.Break(null, exchange.Http.RequestAborted.IsCancellationRequested);
                await CloseAsync(reader);
                throw;
            }
        }
    }

    public void Dispose() => _reader?.Dispose();

    private async ValueTask<bool> BeginAsync()
    {
        var next = delivered.CanGoOn && MayFollow(_lastFailed) ? await exchange.Continuation!.NextAsync(exchange, delivered.Prefix(exchange)) : null;
        if (next is null)
        {
            metrics.NoneLeft(_lastFailed.Deployment.Name);
            return false;
        }

        _reader = new ContinuationReader(exchange, next, delivered);
        return true;
    }

    private async ValueTask StepAsync(ContinuationReader reader)
    {
        var attempt = reader.Attempt;
        switch (await reader.ReadAsync(client))
        {
            case Passage.Whole:
                attempt.Succeed();
                await CloseAsync(reader);
                metrics.Resumed(attempt.Deployment.Name);
                if (exchange.Request!.IncludeUsage)
                {
                    reader.WriteUsage(client);
                }

                client.Finish(StreamTerminator.Done);
                Ended = true;
                break;
            case Passage.Departed:
                attempt.Cancel();
                await CloseAsync(reader);
                metrics.Departed(attempt.Deployment.Name);
                EndBroken();
                break;
            case Passage.Failed:
                await CloseAsync(reader);
                metrics.Failed(attempt.Deployment.Name);
                _lastFailed = attempt;
                break;
        }
    }

    private ValueTask CloseAsync(ContinuationReader reader)
    {
        _reader = null;
        return reader.CloseAsync();
    }

    private void EndBroken()
    {
        WriteError(exchange, _lastFailed, client);
        Ended = true;
    }
}
