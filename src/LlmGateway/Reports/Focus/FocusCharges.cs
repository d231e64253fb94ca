using LlmGateway.Catalog;

namespace LlmGateway.Reports.Focus;

/// <summary>Makes charges of sums: one for each kind of tokens that there were or that cost anything.</summary>
internal sealed class FocusCharges(FocusQuery query, IReadOnlyDictionary<string, FocusProvider> providers)
{
    /// <summary>Stands where a column may not be empty and the ledger has nothing.</summary>
    private const string None = "(none)";

    private const int MostSkus = 10_000;

    private readonly Dictionary<(string Provider, string Model, FocusKind Kind), FocusSku> _skus = [];

    /// <summary>What the charges of a row add up to is its cost, to the last digit. One without a cost has none.</summary>
    public IEnumerable<FocusCharge> Of(UsageRow row, FocusPeriod period)
    {
        if (row.Cost is not { } cost)
        {
            yield break;
        }

        var corrections = row.Corrections?.Amount ?? 0;
        if (row.Corrections is not null)
        {
            yield return Charge(row, period, FocusKind.Correction, cost.Currency, corrections, 0, countsRequests: false);
        }

        var (rest, tokens) = (cost.Amount - corrections, row.Figures[FocusFigures.Input] + row.Figures[FocusFigures.Output]);
        for (var part = 0; part < FocusKind.Parts.Count; part++)
        {
            var kind = FocusKind.Parts[part];
            var quantity = row.Figures[FocusFigures.Quantities + part];
            var amount = row.Figures[FocusFigures.Costs + part] / (decimal)CostSplit.NanosPerUnit;
            rest -= amount;
            tokens -= kind.IsRequest ? 0 : quantity;
            if (quantity != 0 || amount != 0)
            {
                yield return Charge(row, period, kind, cost.Currency, amount, quantity, kind.IsRequest);
            }
        }

        // A provider that reports a part greater than its whole makes the difference less than there was.
        if (rest != 0 || tokens > 0)
        {
            yield return Charge(row, period, FocusKind.Tokens, cost.Currency, rest, Math.Max(tokens, 0), countsRequests: false);
        }
    }

    private FocusCharge Charge(UsageRow row, FocusPeriod period, FocusKind kind, Currency currency, decimal cost, long quantity, bool countsRequests)
    {
        var provider = row.Groups[3] ?? None;
        var known = providers.GetValueOrDefault(provider);
        return new FocusCharge
        {
            Period = period,
            Tenant = row.Groups[0] ?? None,
            Project = row.Groups[1],
            Deployment = row.Groups[2],
            Provider = provider,
            Publisher = known?.Publisher ?? provider,
            Region = known?.Region,
            Sku = kind == FocusKind.Correction ? null : Sku(provider, row.Groups[4] ?? None, kind),
            Currency = currency,
            Cost = cost,
            Tags = FocusTags.Of(query, row.Groups),

            // What cost something without a token was paid for by the request.
            Quantity = quantity > 0 ? quantity : Math.Max(row.Figures[FocusFigures.Attempts], 1),
            CountsRequests = countsRequests || quantity <= 0,
        };
    }

    private FocusSku Sku(string provider, string model, FocusKind kind)
    {
        if (!_skus.TryGetValue((provider, model, kind), out var sku))
        {
            // Names of models may be the callers'.
            if (_skus.Count >= MostSkus)
            {
                _skus.Clear();
            }

            _skus.Add((provider, model, kind), sku = FocusSku.Of(provider, model, kind));
        }

        return sku;
    }
}
