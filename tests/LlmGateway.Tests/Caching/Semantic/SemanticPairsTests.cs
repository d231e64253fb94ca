using System.Globalization;
using Xunit.Abstractions;

namespace LlmGateway.Tests.Caching.Semantic;

/// <summary>
/// The whole cascade, the builtin embedder and the index included, over the pairs that rules were written with: the first question of each is kept, all in one
/// partition, and then each second one is asked.
/// </summary>
public sealed class SemanticPairsTests(ITestOutputHelper output)
{
    private const double FewestParaphrases = 0.75;
    private const double MostHardNegatives = 0.02;

    [Fact]
    public async Task Most_paraphrases_are_found_and_next_to_no_hard_negative()
    {
        using var rig = new SemanticRig();
        var pairs = PromptPair.FirstSet();
        foreach (var pair in pairs)
        {
            await rig.Ask(pair.A, pair.A);
        }

        Assert.Equal(0, rig.State.Controller!.Report().WouldBe.Hits);
        var (same, different) = (await CountAsync(rig, pairs, same: true), await CountAsync(rig, pairs, same: false));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{same.Hits} of {same.Pairs} paraphrases are answered, {same.Own} with the answer to theirs, and {different.Hits} of {different.Pairs} hard negatives."));

        Assert.True(same.Own >= FewestParaphrases * same.Pairs, $"{same.Own} of {same.Pairs} paraphrases are found");
        Assert.Equal(same.Hits, same.Own);
        Assert.True(different.Hits <= MostHardNegatives * different.Pairs, $"{different.Hits} of {different.Pairs} hard negatives are answered");
    }

    /// <summary>How many are answered, and how many with the answer to their own other half.</summary>
    private static async Task<(int Pairs, long Hits, long Own)> CountAsync(SemanticRig rig, PromptPair[] pairs, bool same)
    {
        var before = rig.State.Controller!.Report();
        var asked = pairs.Where(pair => pair.Same == same).ToArray();
        foreach (var pair in asked)
        {
            // What was found holds the question that it is the answer to: equal to this or not.
            var looked = await rig.LookUp(pair.B);
            if (looked.Lookup is { } lookup)
            {
                lookup.Answered(looked.Key, rig.EntryOf(looked, pair.A) with { Tenant = "nobody" });
                await rig.Compare();
            }
        }

        var after = rig.State.Controller.Report();
        var (hits, labelled) = (after.WouldBe.Hits - before.WouldBe.Hits, after.Evidence.Labelled - before.Evidence.Labelled);
        return (asked.Length, hits, labelled - (after.Evidence.Wrong - before.Evidence.Wrong));
    }
}
