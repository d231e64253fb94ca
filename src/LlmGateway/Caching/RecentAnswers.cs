using LlmGateway.Caching.Entries;
using LlmGateway.Gateway;

namespace LlmGateway.Caching;

/// <summary>Under which key the answers of late are kept.</summary>
internal sealed class RecentAnswers() : RecentIds<CacheKey>(most: 16_384)
{
    public void Add(Exchange exchange, CacheKey key) => Add(exchange.Key!.Tenant, exchange.RequestId, exchange.RequestId, key);
}
