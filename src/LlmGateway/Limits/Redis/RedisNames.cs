using System.Globalization;
using StackExchange.Redis;

namespace LlmGateway.Limits.Redis;

/// <summary>
/// The keys in Redis. All of a tenant carry its name as hash tag, so that a cluster has them in one slot, and one script may work on them. The
/// version is raised when a script reads what an older one wrote in another way: both may run at once then, each with its own keys.
/// </summary>
internal static class RedisNames
{
    public const string Version = "2";

    /// <summary>Between the fields of what a reservation holds; scripts use it too.</summary>
    public const char Separator = '\x1f';

    /// <summary>Nodes by when they were heard of last.</summary>
    public static readonly RedisKey Nodes = $"llmg:{Version}:nodes";

    /// <summary>Ids of reservations by when their lease ends.</summary>
    public static RedisKey Leases(string tenant) => $"{Of(tenant)}leases";

    /// <summary>What a reservation holds, or that it is gone.</summary>
    public static RedisKey Reservation(string tenant, string id) => $"{Of(tenant)}r:{id}";

    /// <summary>That a sum of what was spent without Redis has been booked.</summary>
    public static RedisKey Booking(string tenant, Guid id) => $"{Of(tenant)}b:{id:N}";

    /// <summary>What a window holds. Another length is another account: the buckets are others.</summary>
    public static RedisKey Window(Account account) =>
        string.Create(CultureInfo.InvariantCulture, $"{Of(account.Tenant)}w:{(long)account.Window.TotalMilliseconds}:{account.Name}");

    /// <summary>What a period holds.</summary>
    /// <param name="start">In ms of the Unix clock.</param>
    public static RedisKey Period(Account account, long start) => string.Create(CultureInfo.InvariantCulture, $"{Of(account.Tenant)}p:{start}:{account.Name}");

    /// <summary>Requests in flight.</summary>
    public static RedisKey Slots(Account account) => $"{Of(account.Tenant)}s:{account.Name}";

    private static string Of(string tenant) => $"llmg:{Version}:{{{tenant}}}:";
}
