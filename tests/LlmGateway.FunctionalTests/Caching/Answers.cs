using System.Text;
using LlmGateway.Caching.Entries;

namespace LlmGateway.FunctionalTests.Caching;

internal static class Answers
{
    public static CacheKey Key(string prompt) => CacheKey.Of("secret"u8, Encoding.UTF8.GetBytes(prompt));

    /// <summary>An answer to a request that begins now.</summary>
    public static CacheEntry Of(StoreNode node, string text = "an answer", string tenant = "acme", DateTimeOffset? now = null)
    {
        var at = now ?? TimeProvider.System.GetUtcNow();
        return new CacheEntry
        {
            Document = Encoding.UTF8.GetBytes(text),
            Tenant = tenant,
            Project = "search",
            KeyId = "vk_1",
            Route = "chat",
            Deployment = "deepseek/flash",
            ModelAnswered = "deepseek-flash",
            Tags = ["team=a"],
            StoredAt = at,
            ExpiresAt = at.AddHours(1),
            RequestId = "req-1",
            Stamp = node.Store.Stamp,
        };
    }

    public static string Text(CacheEntry entry) => Encoding.UTF8.GetString(entry.Document.Span);
}
