using LlmGateway.Catalog;

namespace LlmGateway.Reports;

/// <summary>The money of a group, an entry for each currency that there is any of.</summary>
/// <param name="Cost">What was bought.</param>
/// <param name="CacheSaving">What prompt caches took off that.</param>
/// <param name="AnswersSaved">What answers from caches had cost the first time, and was not bought again.</param>
/// <param name="Booked">What the cost was converted from; empty where it was not.</param>
internal sealed record UsageAmounts(List<Money> Cost, List<Money> CacheSaving, List<Money> AnswersSaved, List<Booked> Booked)
{
    public static UsageAmounts None => new([], [], [], []);

    /// <summary>Takes those of a row of the group. Several have one currency only where they were converted to it.</summary>
    public void Add(UsageRow row)
    {
        Add(Cost, row.Cost);
        Add(CacheSaving, row.CacheSaving);
        Add(AnswersSaved, row.AnswersSaved);
        if (row.Booked is { } booked)
        {
            Booked.Add(booked);
        }
    }

    private static void Add(List<Money> amounts, Money? amount)
    {
        if (amount is not { } known)
        {
            return;
        }

        if (amounts.Count > 0 && amounts[^1].Currency == known.Currency)
        {
            amounts[^1] = known with { Amount = amounts[^1].Amount + known.Amount };
        }
        else
        {
            amounts.Add(known);
        }
    }
}
