using LlmGateway.Configuration;
using LlmGateway.Requests;
using LlmGateway.Telemetry;

namespace LlmGateway.Gateway;

/// <summary>The walk of one request through the rooms, in the order in which they were composed.</summary>
internal sealed class InferencePipeline(
    IEnumerable<IRoom> rooms,
    IEnumerable<IExchangeObserver> observers,
    ISnapshotSource snapshots,
    GatewayMetrics metrics,
    IExchangeTrace trace,
    Drain drain,
    DependencyStates dependencies,
    ILogger<InferencePipeline> logger,
    TimeProvider time)
{
    private readonly Walk _walk = Walk.Through([.. rooms], [.. observers]);

    /// <summary>Answers one request. Whatever happens, the client gets an answer in its dialect or a closed connection, never a stack trace.</summary>
    public async Task HandleAsync(HttpContext http, EndpointKind endpoint)
    {
        var exchange = Exchange.Open(http, snapshots.Current, endpoint, time, drain);
        exchange.Dependencies = dependencies;
        try
        {
            exchange.Error = drain.TryEnter(exchange) ? await _walk.GoOnAsync(exchange) : GatewayErrors.Stopping;
            if (ReferenceEquals(exchange.Error, RequestErrors.ClientGone))
            {
                exchange.Error = null;
                exchange.ClientLeft = true;
            }
            else if (exchange.Error is { } error)
            {
                await ErrorResponse.WriteAsync(exchange, error);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            exchange.ClientLeft = true;
        }
        catch (Exception exception)
        {
            exchange.Error = GatewayErrors.Internal(exchange.RequestId);
            logger.ExchangeFailed(exception, exchange.RequestId);
            await ErrorResponse.WriteAsync(exchange, exchange.Error);
        }
        finally
        {
            drain.Leave(exchange);
            Close(exchange);
        }
    }

    private void Close(Exchange exchange)
    {
        var elapsed = time.GetElapsedTime(exchange.StartTimestamp);
        exchange.ClientLeft |= exchange.Http.RequestAborted.IsCancellationRequested;
        var outcome = ExchangeSummary.Of(exchange);
        metrics.Closed(exchange, outcome, elapsed);
        logger.Exchanged(exchange, outcome, elapsed);
        trace.Record(exchange, outcome, elapsed);
        exchange.Request?.Dispose();
    }
}
