using LlmGateway.Catalog;

namespace LlmGateway.Reports;

/// <summary>One group in one currency.</summary>
/// <param name="Groups">Values in the order of the query; null where rows have none.</param>
/// <param name="Figures">In the order of the query.</param>
/// <param name="Cost">Null for the attempts of the group that have no cost.</param>
/// <param name="CacheSaving">What prompt caches took off the cost; null where no row says.</param>
/// <param name="AnswersSaved">What answers from caches had cost the first time; null where no row says.</param>
/// <param name="Booked">Where the money was converted, what the cost was converted from; null elsewhere, and where there is no cost.</param>
internal sealed record UsageRow(string?[] Groups, long[] Figures, Money? Cost, Money? CacheSaving, Money? AnswersSaved, Booked? Booked = null)
{
    /// <summary>What of the cost is corrections; null where there is none.</summary>
    public Money? Corrections { get; init; }

    /// <summary>Whether both belong to the same group.</summary>
    public bool IsOf(UsageRow other) => Groups.AsSpan().SequenceEqual(other.Groups);

    /// <summary>Adds the figures of the same group in another currency; their money stays apart.</summary>
    public void AddFigures(UsageRow other)
    {
        for (var index = 0; index < Figures.Length; index++)
        {
            Figures[index] += other.Figures[index];
        }
    }
}
