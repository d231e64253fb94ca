using LlmGateway.Catalog;

namespace LlmGateway.Reports;

/// <summary>The money of a group, an entry for each currency that there is any of.</summary>
/// <param name="Cost">What was bought.</param>
/// <param name="CacheSaving">What prompt caches took off that.</param>
/// <param name="AnswersSaved">What answers from caches had cost the first time, and was not bought again.</param>
internal sealed record UsageAmounts(List<Money> Cost, List<Money> CacheSaving, List<Money> AnswersSaved)
{
    public static UsageAmounts None => new([], [], []);

    /// <summary>Takes those of a row of the group, whose currency no other row has.</summary>
    public void Add(UsageRow row)
    {
        Add(Cost, row.Cost);
        Add(CacheSaving, row.CacheSaving);
        Add(AnswersSaved, row.AnswersSaved);
    }

    private static void Add(List<Money> amounts, Money? amount)
    {
        if (amount is { } known)
        {
            amounts.Add(known);
        }
    }
}
