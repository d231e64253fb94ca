using System.Globalization;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using Microsoft.Extensions.Primitives;

namespace LlmGateway.Routing;

/// <summary>How a client narrows the routing of one request, by headers.</summary>
/// <param name="Policy">In place of the route's; null for that.</param>
/// <param name="MaxCost">In the base currency; infinite for no ceiling.</param>
internal readonly record struct RoutingWishes(IRoutingPolicy? Policy, double MaxCost)
{
    public static readonly RoutingWishes None = new(null, double.PositiveInfinity);

    public static GatewayError? Read(IHeaderDictionary headers, RoutingPolicies policies, Snapshot snapshot, DateTimeOffset now, out RoutingWishes wishes)
    {
        wishes = None;
        if (headers.TryGetValue(GatewayHeaders.Policy, out var policy))
        {
            if (policies.Find(policy.ToString().Trim()) is not { } known)
            {
                return RoutingErrors.Header(GatewayHeaders.Policy, $"it is not the name of a policy. Send one of {policies.Names}");
            }

            wishes = wishes with { Policy = known };
        }

        if (headers.TryGetValue(GatewayHeaders.MaxCost, out var maxCost))
        {
            if (ReadAmount(maxCost, snapshot.Rates, now, out var amount) is { } fault)
            {
                return RoutingErrors.Header(GatewayHeaders.MaxCost, fault);
            }

            wishes = wishes with { MaxCost = amount };
        }

        return null;
    }

    /// <summary><c>0.01</c> in the base currency, or <c>0.01 CNY</c>.</summary>
    private static string? ReadAmount(StringValues header, ExchangeRates rates, DateTimeOffset now, out double amount)
    {
        amount = 0;
        var text = header.ToString().AsSpan().Trim();
        var space = text.IndexOf(' ');
        var code = space < 0 ? rates.Base.Code : text[(space + 1)..].Trim();
        if (!decimal.TryParse(space < 0 ? text : text[..space], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var figure) || !IsCode(code))
        {
            return $"send an amount of at least 0, such as '0.01' (in {rates.Base}) or '0.01 {rates.Base}'";
        }

        if (rates.ToBase(new Currency(code.ToString()), now) is not { } rate)
        {
            return $"this gateway has no exchange rate for that currency. Send the amount in {rates.Base}";
        }

        amount = (double)figure * (double)rate;
        return null;
    }

    private static bool IsCode(ReadOnlySpan<char> code) => code.Length == 3 && !code.ContainsAnyExceptInRange('A', 'Z');
}
