using LlmGateway.Catalog;

namespace LlmGateway.Routing;

/// <summary>Prices of one token in the base currency, for comparing; NaN where one is absent. Nobody is billed by a double.</summary>
internal readonly record struct TokenPrice(double Input, double Cached, double Output)
{
    /// <param name="factor">Hours and exchange rate, over the tokens that the rates are for.</param>
    public static TokenPrice Of(in Rates rates, double factor)
    {
        var all = rates.WithFallbacks();
        return new TokenPrice(In(all.Input, factor), In(all.CachedInput, factor), In(all.Output, factor));
    }

    /// <summary>A kind of token that is not used costs nothing, whether it has a price or not.</summary>
    public double Cost(long input, long cached, long output) => Times(input - cached, Input) + Times(cached, Cached) + Times(output, Output);

    private static double In(decimal? rate, double factor) => rate is { } known ? (double)known * factor : double.NaN;

    private static double Times(long tokens, double rate) => tokens == 0 ? 0 : tokens * rate;
}
