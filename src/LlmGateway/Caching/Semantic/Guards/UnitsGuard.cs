using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>The same unit at each number, and the same units named without one.</summary>
internal sealed class UnitsGuard : IGuard
{
    public string Name => "units";

    public bool Allows(TextFacts asked, TextFacts stored) =>
        Agree(asked.Numbers, stored.Numbers) && Agree(stored.Numbers, asked.Numbers) && !UnmatchedTerms.Any(asked, stored, static term => term.Kind == ConceptKind.Unit);

    private static bool Agree(Quantity[] mine, Quantity[] theirs)
    {
        foreach (var number in mine)
        {
            var found = number.Unit is null && number.IsWeak;
            foreach (var other in theirs)
            {
                found |= (number.Value == other.Value && (ReferenceEquals(number.Unit, other.Unit) || IsLeftUnsaid(number, other) || IsLeftUnsaid(other, number))) || Scale.Equal(number, other);
            }

            if (!found && !(number is { Value: 1, Unit: null }))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>一万五的预算: Chinese leaves out 元 where a sum can be nothing else, and degrees are Celsius unless they are said to be others.</summary>
    private static bool IsLeftUnsaid(in Quantity bare, in Quantity other) =>
        (bare is { Unit: null, Value: >= 100 } && other.Unit is { Name: "yuan" }) || (bare.Unit is { Name: "degree" } && other.Unit is { Name: "degree celsius" });
}
