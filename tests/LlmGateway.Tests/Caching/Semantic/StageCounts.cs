using System.Globalization;
using System.Text;
using LlmGateway.Caching.Semantic.Guards;
using LlmGateway.Caching.Semantic.Text;
using LlmGateway.Caching.Semantic.Verifying;

namespace LlmGateway.Tests.Caching.Semantic;

/// <summary>How many pairs of a category each stage of the cascade lets through.</summary>
internal sealed record StageCounts(string Category, bool Same, int Pairs, int Equal, int Guarded, int Verified)
{
    // As if the embedder took all pairs for nearly the same, which it does with hard negatives.
    private const double BlindCosine = 0.95;
    private const double Threshold = 0.5;

    public static StageCounts Of(string category, bool same, IReadOnlyCollection<PromptPair> pairs)
    {
        var (equal, guarded, verified) = (0, 0, 0);
        foreach (var pair in pairs)
        {
            var (a, b) = (TextFacts.Of(pair.A), TextFacts.Of(pair.B));
            var passes = GuardChain.Default.Veto(a, b) is null;
            equal += a.Equality == b.Equality ? 1 : 0;
            guarded += passes ? 1 : 0;
            verified += passes && Verifier.Score(a, b, BlindCosine) >= Threshold ? 1 : 0;
        }

        return new StageCounts(category, same, pairs.Count, equal, guarded, verified);
    }

    public static StageCounts Total(PromptPair[] pairs, bool same) => Of("all", same, [.. pairs.Where(pair => pair.Same == same)]);

    public static string Table(PromptPair[] pairs)
    {
        var text = new StringBuilder("| category | label | pairs | equal when normalised | pass the guards | and the verifier at 0.5 |\n|---|---|---|---|---|---|\n");
        foreach (var group in pairs.GroupBy(static pair => (pair.Same, pair.Category)).OrderBy(static group => group.Key))
        {
            text.Append(Of(group.Key.Category, group.Key.Same, [.. group]).Row());
        }

        return text.Append(Total(pairs, same: false).Row()).Append(Total(pairs, same: true).Row()).ToString();
    }

    public double Share(int count) => count / (double)Pairs;

    private string Row() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Category} | {(Same ? "same" : "different")} | {Pairs} | {Equal} | {Guarded} ({Share(Guarded):P1}) | {Verified} |\n");
}
