using System.Text;
using LlmGateway.Caching.Entries;
using LlmGateway.Catalog;

namespace LlmGateway.Tests.Caching.Entries;

internal static class SomeEntry
{
    public static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    public static CacheKey Key(int number) => CacheKey.Of("secret"u8, BitConverter.GetBytes(number));

    public static CacheEntry With(string text = "an answer", PurgeStamp stamp = default) => new()
    {
        Document = Encoding.UTF8.GetBytes(text),
        Tenant = "acme",
        Project = "search",
        KeyId = "vk_1",
        Route = "chat",
        Deployment = "deepseek/flash",
        ModelAnswered = "deepseek-flash",
        Tags = ["team=a", "env=b"],
        StoredAt = Now,
        ExpiresAt = Now.AddHours(1),
        Cost = new Money(0.000123456m, new Currency("CNY")),
        Took = TimeSpan.FromMilliseconds(812),
        InputTokens = 12,
        OutputTokens = 34,
        Kind = 2,
        RequestId = "req-1",
        Stamp = stamp,
    };
}
