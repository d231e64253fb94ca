using System.Numerics;
using LlmGateway.Catalog;
using LlmGateway.Protocols.Usage;

namespace LlmGateway.Tests.Metering;

/// <summary>A fraction, for checking decimal arithmetic against arithmetic that cannot round.</summary>
internal readonly record struct Fraction(BigInteger Numerator, BigInteger Denominator)
{
    public static Fraction Of(decimal value)
    {
        var bits = decimal.GetBits(value);
        var mantissa = ((BigInteger)(uint)bits[2] << 64) | ((BigInteger)(uint)bits[1] << 32) | (uint)bits[0];
        return new Fraction(bits[3] < 0 ? -mantissa : mantissa, BigInteger.Pow(10, (bits[3] >> 16) & 0xFF));
    }

    public static Fraction operator +(Fraction left, Fraction right) =>
        new(left.Numerator * right.Denominator + right.Numerator * left.Denominator, left.Denominator * right.Denominator);

    public static Fraction operator *(Fraction left, Fraction right) =>
        new(left.Numerator * right.Numerator, left.Denominator * right.Denominator);

    public static Fraction operator /(Fraction left, long right) => new(left.Numerator, left.Denominator * right);

    /// <summary>In billionths, half to even.</summary>
    public BigInteger Billionths()
    {
        if (Numerator.Sign * Denominator.Sign < 0)
        {
            return -new Fraction(-Numerator, Denominator).Billionths();
        }

        var quotient = BigInteger.DivRem(Numerator * 1_000_000_000, Denominator, out var remainder);
        var half = (remainder * 2).CompareTo(Denominator);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }
}

/// <summary>The cost by the words of the price entry, written apart from the calculator: it shares neither its order nor its types.</summary>
internal static class CostOracle
{
    public static Fraction Exact(PriceEntry entry, TokenUsage usage, decimal factor, long requests)
    {
        var tier = entry.Tiers
            .Where(tier => tier.InputOver < usage.InputTokens && usage.InputTokens <= (tier.InputUpTo ?? long.MaxValue) && usage.OutputTokens <= (tier.OutputUpTo ?? long.MaxValue))
            .OrderBy(tier => tier.InputOver)
            .ThenBy(tier => (tier.InputUpTo, tier.OutputUpTo) switch { (null, null) => 0, (not null, not null) => 2, _ => 1 })
            .LastOrDefault();
        var own = entry.Rates;
        Fraction? Rate(Func<Rates, decimal?> kind, Func<Rates, decimal?> fallback)
        {
            if (tier is not null && kind(tier.Rates) is { } stated)
            {
                return Fraction.Of(stated);
            }

            var wasBase = ReferenceEquals(kind, fallback);
            if (wasBase || kind(own) is null || tier is null || fallback(tier.Rates) is null)
            {
                return kind(own) is { } rate ? Fraction.Of(rate) : wasBase ? null : Rate(fallback, fallback);
            }

            var (from, to) = (Fraction.Of(fallback(own)!.Value), Fraction.Of(fallback(tier.Rates)!.Value));
            return from.Numerator.IsZero ? to : Fraction.Of(kind(own)!.Value) * to * new Fraction(from.Denominator, from.Numerator);
        }

        Func<Rates, decimal?> input = rates => rates.Input, output = rates => rates.Output;
        var sum = new Fraction(0, 1);
        void Add(long count, Fraction? rate) => sum = count > 0 ? sum + new Fraction(count, 1) * rate!.Value : sum;
        Add(usage.ReasoningTokens, Rate(rates => rates.Reasoning, output));
        Add(usage.OutputTokens - usage.ReasoningTokens, Rate(output, output));
        Add(usage.CacheWriteTokens, Rate(rates => rates.CacheWrite, input));
        Add(usage.CachedInputTokens, Rate(rates => rates.CachedInput, input));
        Add(usage.InputTokens - usage.CachedInputTokens - usage.CacheWriteTokens, Rate(input, input));
        return sum * Fraction.Of(factor) / entry.Per + new Fraction(requests, 1) * Fraction.Of(entry.PerRequest ?? 0);
    }
}
