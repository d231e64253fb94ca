namespace LlmGateway.Gateway;

/// <summary>How headers, the ledger and metrics spell what caches have to do with an answer.</summary>
internal static class CacheNames
{
    private static readonly string[] Names = ["off", "miss", "hit", "semantic", "coalesced"];

    public static string Of(CacheResult result) => Names[(int)result];
}
