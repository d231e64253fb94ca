using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>All guards in turn, the cheap and telling ones first.</summary>
internal sealed class GuardChain(IReadOnlyList<IGuard> guards)
{
    public static GuardChain Default { get; } = new(
    [
        new LanguageGuard(), new NumbersGuard(), new UnitsGuard(), new NegationGuard(), new QuestionGuard(), new TimeGuard(), new PolarityGuard(), new QuantifierGuard(),
        new DirectionGuard(), new WordingGuard(), new EntitiesGuard(), new ScopeGuard(), new ContentGuard(),
    ]);

    public IReadOnlyList<IGuard> Guards => guards;

    /// <summary>The name of the first guard that forbids; null where all allow.</summary>
    public string? Veto(TextFacts asked, TextFacts stored)
    {
        for (var i = 0; i < guards.Count; i++)
        {
            if (!guards[i].Allows(asked, stored))
            {
                return guards[i].Name;
            }
        }

        return null;
    }
}
