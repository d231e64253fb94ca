using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>
/// The same numbers on both sides, however written. A lone <c>one</c> may be an article and may be missing; in versions a zero at the end
/// counts.
/// </summary>
internal sealed class NumbersGuard : IGuard
{
    public string Name => "numbers";

    public bool Allows(TextFacts asked, TextFacts stored)
    {
        var (a, b) = (asked.Numbers, stored.Numbers);
        return Covers(a, b) && Covers(b, a) && (Strong(a) == Strong(b) || a.Length == b.Length || AllowsOne(a, b));
    }

    private static bool Covers(Quantity[] mine, Quantity[] theirs)
    {
        foreach (var number in mine)
        {
            var found = number.IsWeak || IsBareOne(number);
            foreach (var other in theirs)
            {
                found |= Scale.Equal(number, other) || (number.Value == other.Value && SpeltAlike(number, other));
            }

            if (!found)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Digits count where both have them or no unit says that this is a measure.</summary>
    private static bool SpeltAlike(in Quantity a, in Quantity b) => a.Text == b.Text || ((a.Text is null || b.Text is null) && (a.Unit is not null || b.Unit is not null));

    private static bool IsBareOne(in Quantity number) => number is { Value: 1, Unit: null };

    private static int Strong(Quantity[] numbers)
    {
        var count = 0;
        foreach (var number in numbers)
        {
            count += number.IsWeak || IsBareOne(number) ? 0 : 1;
        }

        return count;
    }

    /// <summary>The same number twice on one side and once on the other is no difference that can be told from a repetition.</summary>
    private static bool AllowsOne(Quantity[] a, Quantity[] b) => a.Length == 0 || b.Length == 0;
}
