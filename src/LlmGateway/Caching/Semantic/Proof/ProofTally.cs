using LlmGateway.Catalog;

namespace LlmGateway.Caching.Semantic.Proof;

/// <summary>Hits of one kind (served, or only would-be) and what they saved. Saved cost is shown and never booked.</summary>
internal sealed class ProofTally
{
    public long Hits { get; set; }

    public TimeSpan Time { get; set; }

    /// <summary>Hits on answers without a price: what they saved is unknown, which is not nothing.</summary>
    public long Unpriced { get; set; }

    /// <summary>Amounts by the code of their currency, which are never added to one another.</summary>
    public SortedDictionary<string, decimal> Money { get; set; } = new(StringComparer.Ordinal);

    public void Add(HitSaving saving)
    {
        Hits++;
        Time += saving.Time;
        if (saving.Money is not { } money)
        {
            Unpriced++;
            return;
        }

        Money[money.Currency.Code] = Money.GetValueOrDefault(money.Currency.Code) + money.Amount;
    }

    public ProofTally Copy() => new() { Hits = Hits, Time = Time, Unpriced = Unpriced, Money = new(Money, StringComparer.Ordinal) };

    /// <summary>The amounts, by currency.</summary>
    public IReadOnlyList<Money> Amounts() => [.. Money.Select(entry => new Money(entry.Value, new Currency(entry.Key)))];
}
