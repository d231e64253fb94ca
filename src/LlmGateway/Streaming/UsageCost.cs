using System.Globalization;
using System.Text;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Upstream;

namespace LlmGateway.Streaming;

/// <summary>The cost beside the usage of a stream, where the client asked for usage and the route tells it: <c>usage.cost</c> and <c>usage.cost_currency</c>.</summary>
internal static class UsageCost
{
    /// <summary>What the exchange comes to by the usage reported so far; null where it is not told, or has no price.</summary>
    public static Money? Of(Exchange exchange, Attempt attempt)
    {
        if (attempt.PriceUsage?.Invoke(attempt.Usage) is not { } cost)
        {
            return null;
        }

        // Attempts that failed on the way may have cost something too.
        foreach (var other in exchange.AttemptsSoFar())
        {
            if (other != attempt && other.Cost is { } before && before.Currency == cost.Currency)
            {
                cost = cost with { Amount = cost.Amount + before.Amount };
            }
        }

        return cost;
    }

    /// <summary>As members behind others of an object.</summary>
    public static byte[] Members(Money cost) => Encoding.ASCII.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $",\"cost\":{cost.Amount:0.#########},\"cost_currency\":\"{cost.Currency}\""));
}
