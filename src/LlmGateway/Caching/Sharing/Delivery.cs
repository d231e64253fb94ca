using LlmGateway.Catalog;
using LlmGateway.Gateway;

namespace LlmGateway.Caching.Sharing;

/// <summary>Sends a shared answer to one of its clients.</summary>
internal static class Delivery
{
    /// <summary>What is said of an exchange, and not of an answer.</summary>
    private static readonly HashSet<string> OfTheLeader = new(StringComparer.OrdinalIgnoreCase)
    {
        GatewayHeaders.RequestId, GatewayHeaders.AnthropicRequestId, GatewayHeaders.OperationId, GatewayHeaders.Cost, GatewayHeaders.BudgetLeft, GatewayHeaders.OverheadMilliseconds,
        GatewayHeaders.Degraded, GatewayHeaders.Cache, GatewayHeaders.Attempts, GatewayHeaders.Warning,
    };

    /// <summary>Sends it all. When this returns <see cref="ReadState.End"/> the client has it.</summary>
    /// <param name="booking">Books an answer that another exchange asked for; null for the leader, whose attempts are booked.</param>
    /// <exception cref="OperationCanceledException">The client has left.</exception>
    public static async ValueTask<ReadState> SendAsync(Exchange exchange, SharedRun run, AnswerReader reader, ICacheBooking? booking)
    {
        var left = exchange.Http.RequestAborted;
        await using var registration = left.UnsafeRegister(static state => ((AnswerReader)state!).Leave(), reader);
        try
        {
            var state = await reader.BeginAsync();
            if (state is ReadState.More)
            {
                Apply(exchange, run, reader.Head!, leads: booking is null);
                state = await CopyAsync(exchange, run, reader, booking, left);
            }

            left.ThrowIfCancellationRequested();
            return state;
        }
        finally
        {
            reader.Leave();
        }
    }

    private static async ValueTask<ReadState> CopyAsync(Exchange exchange, SharedRun run, AnswerReader reader, ICacheBooking? booking, CancellationToken left)
    {
        var body = exchange.Http.Response.Body;
        var streams = reader.Head!.IsStream;
        while (true)
        {
            var state = await reader.NextAsync();
            if (booking is not null && run.Answer is { } answer)
            {
                // Before the client sees the end; it has most of the answer already.
                booking.Book(exchange, answer, given: true);
                booking = null;
            }

            if (state is not ReadState.More)
            {
                return state;
            }

            try
            {
                await body.WriteAsync(reader.Bytes, left);
                if (streams && !reader.HasMore)
                {
                    await body.FlushAsync(left);
                }
            }
            catch (IOException)
            {
                // The connection is gone; the server says so by its token in a moment.
                return ReadState.Left;
            }
        }
    }

    private static void Apply(Exchange exchange, SharedRun run, AnswerHead head, bool leads)
    {
        var response = exchange.Http.Response;
        response.StatusCode = head.Status;
        foreach (var (name, values) in head.Headers)
        {
            if ((leads || !(OfTheLeader.Contains(name) || name.StartsWith("x-ratelimit-", StringComparison.OrdinalIgnoreCase))) && !name.Equals("connection", StringComparison.OrdinalIgnoreCase))
            {
                response.Headers[name] = values;
            }
        }

        if (leads)
        {
            exchange.Drain?.Tell(exchange.Http);
            return;
        }

        AnswerHeaders.Apply(exchange);
        response.Headers[GatewayHeaders.Cache] = CacheNames.Of(exchange.CacheResult);
        response.Headers[GatewayHeaders.Attempts] = "0";
        if (AnswerHeaders.WarningOf(exchange, run.Exchange.Committed) is { } warning)
        {
            response.Headers[GatewayHeaders.Warning] = warning;
        }

        if (!head.IsStream)
        {
            response.Headers[GatewayHeaders.Cost] = new Money(0, run.Answer?.Saved?.Currency ?? exchange.Snapshot.Rates.Base).ToString();
        }
    }
}
