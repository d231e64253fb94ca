using LlmGateway.Gateway;
namespace LlmGateway.Caching;

internal sealed class CacheMetrics
{
    public void Answered(Exchange exchange, CacheResult result) { }
    public void Skipped(string route, string reason) { }
    public void Saved(Exchange exchange, in CachedAnswer answer) { }
}
