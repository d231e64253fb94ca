using LlmGateway.Caching.Entries;
using LlmGateway.Catalog;
using LlmGateway.Gateway;

namespace LlmGateway.Caching;

/// <summary>
/// The room of caches: answers what is kept, lets those who ask the same at the same time share one answer, and keeps what providers say. What is found
/// takes nothing of limits and budgets.
/// </summary>
internal sealed class CacheRoom(
    IRouteFinder routes, CacheKeys keys, IEntryStore store, AnswerCache answers, EmbeddingCache embeddings, CacheMetrics metrics, GatewayMetrics gateway) : IBranchingRoom
{
    public string Name => "cache";

    public ValueTask<GatewayError?> EnterAsync(Exchange exchange) => throw new NotSupportedException("It decides itself how the walk goes on.");

    public ValueTask<GatewayError?> EnterAsync(Exchange exchange, IWalk rest)
    {
        var request = exchange.Request!;
        if (CacheWishes.Read(exchange.Http.Request.Headers, out var wishes) is { } unclear)
        {
            return new(unclear);
        }

        if (routes.Find(exchange.Snapshot, exchange.Key!, request.Model) is not { } route)
        {
            return rest.GoOnAsync(exchange);
        }

        exchange.Asked = route;
        if (route.Cache.IsOff)
        {
            return wishes.Mode is CacheMode.Only ? new(CacheErrors.NotKept) : rest.GoOnAsync(exchange);
        }

        gateway.Routed(exchange, route.Name);
        return wishes.Mode is CacheMode.Off ? PassAsync(exchange, rest, route, "asked", wishes) : LookAsync(exchange, rest, route, wishes);
    }

    private async ValueTask<GatewayError?> LookAsync(Exchange exchange, IWalk rest, Route route, CacheWishes wishes)
    {
        var stamp = store.Stamp;
        using var canonical = exchange.Request!.Canonical(exchange.Endpoint);
        if (Cacheability.WhyNot(exchange, canonical.Facts, route) is { } reason)
        {
            return await PassAsync(exchange, rest, route, reason, wishes);
        }

        // Inputs of embeddings have keys of their own.
        return exchange.Endpoint is EndpointKind.Embeddings
            ? await embeddings.EnterAsync(exchange, rest, new Question(route, wishes, default, canonical, stamp))
            : await answers.EnterAsync(exchange, rest, new Question(route, wishes, keys.Of(exchange, route, canonical), canonical, stamp));
    }

    /// <summary>As if there were no caches.</summary>
    private ValueTask<GatewayError?> PassAsync(Exchange exchange, IWalk rest, Route route, string reason, in CacheWishes wishes)
    {
        exchange.CacheNote = reason;
        metrics.Skipped(route.Name, reason);
        if (wishes.Mode is CacheMode.Only)
        {
            return new(CacheErrors.NotKept);
        }

        metrics.Answered(exchange, CacheResult.Off);
        return rest.GoOnAsync(exchange);
    }
}
