using LlmGateway.Configuration;
using LlmGateway.Gateway.Dialects;
using LlmGateway.Gateway.Tracing;
using LlmGateway.Requests;
using LlmGateway.Telemetry;
using LlmGateway.Telemetry.Tracing;

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
    TimeProvider time,
    SpanSource? spans = null)
{
    private readonly Walk _walk = Walk.Through([.. rooms], [.. observers]);

    /// <summary>Answers one request. Whatever happens, the client gets an answer in its dialect or a closed connection, never a stack trace.</summary>
    /// <param name="endpoint">What is asked of providers.</param>
    /// <param name="speaks">The dialect of the client, where it is another than the endpoint's.</param>
    public async Task HandleAsync(HttpContext http, EndpointKind endpoint, ClientDialect? speaks = null)
    {
        var exchange = Exchange.Open(http, snapshots.Current, endpoint, time, drain, speaks);
        exchange.Dependencies = dependencies;
        exchange.Spans = spans is null ? null : ExchangeSpans.Open(exchange, spans);
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
            else if (exchange.Translated is { } translated)
            {
                await FinishAsync(exchange, translated);
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

    private static async ValueTask FinishAsync(Exchange exchange, TranslatedAnswer translated)
    {
        // What the rooms took for sent was put aside: the client has it when it is gone from there, and not if it leaves meanwhile.
        var completed = exchange.Completed;
        exchange.Completed = false;
        try
        {
            if (await translated.FinishAsync())
            {
                exchange.Completed = completed;
                return;
            }

            exchange.Error = GatewayErrors.Untranslatable;
            await ErrorResponse.WriteAsync(exchange, exchange.Error);
        }
        catch (IOException)
        {
            exchange.ClientLeft = true;
        }
    }

    private void Close(Exchange exchange)
    {
        var elapsed = time.GetElapsedTime(exchange.StartTimestamp);
        exchange.ClientLeft |= exchange.Http.RequestAborted.IsCancellationRequested;
        var outcome = ExchangeSummary.Of(exchange);
        ExemplarScope.Begin(exchange.Spans is { IsSampled: true } sampled ? sampled.TraceId : null);
        metrics.Closed(exchange, outcome, elapsed);
        ExemplarScope.End();
        logger.Exchanged(exchange, outcome, elapsed);
        trace.Record(exchange, outcome, elapsed);
        exchange.Spans?.Close(outcome, elapsed, exchange.Snapshot.Tracing?.Slow ?? TimeSpan.MaxValue);
        exchange.Request?.Dispose();
    }
}
