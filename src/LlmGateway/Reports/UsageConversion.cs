using System.Globalization;
using LlmGateway.Catalog;

namespace LlmGateway.Reports;

/// <summary>
/// Brings a report to one currency: each day's amounts at the rate of that day. So it asks the ledger by the day, whatever was asked for, and adds
/// the days up. Nothing is rounded before the sums are.
/// </summary>
internal sealed class UsageConversion(UsageQuery query, Currency target, ExchangeRates rates)
{
    private readonly Dictionary<(Currency From, DateTimeOffset Since), RateUse> _used = [];

    /// <summary>The rates that were used so far, by currency and day.</summary>
    public IReadOnlyList<RateUse> Used => [.. _used.Values.OrderBy(static use => use.From.Code, StringComparer.Ordinal).ThenBy(static use => use.Since)];

    public string? Source => rates.Source;

    /// <summary>What the ledger is asked for.</summary>
    public UsageQuery Daily { get; } = query with { Groups = [.. query.Groups, Day], In = null };

    /// <summary>The days and currencies that there is money of: before anything is written, each must have a rate.</summary>
    public UsageQuery Currencies { get; } = query with { Groups = [Day], In = null };

    private static UsageGroup Day => UsageGroup.Find("day")!;

    /// <exception cref="UsageQueryException">A currency has no rate on a day.</exception>
    public void Check(IEnumerable<UsageRow> rows)
    {
        foreach (var row in rows)
        {
            if (row.Cost is { } cost)
            {
                _ = RateOf(cost.Currency, row.Groups[0]!);
            }
        }
    }

    /// <param name="daily">What <see cref="Daily"/> found, in its order: the days of a group follow one another.</param>
    public IEnumerable<UsageRow> Convert(IEnumerable<UsageRow> daily)
    {
        var open = new SortedDictionary<string, UsageRow>(StringComparer.Ordinal);
        string?[]? group = null;
        foreach (var row in daily)
        {
            var groups = row.Groups.AsSpan(0, row.Groups.Length - 1);
            if (group is null || !groups.SequenceEqual(group))
            {
                foreach (var done in open.Values)
                {
                    yield return Rounded(done);
                }

                open.Clear();
                group = row.Groups[..^1];
            }

            // What has no cost has no currency, and comes first.
            var key = row.Cost?.Currency.Code ?? "";
            open[key] = Sum(open.GetValueOrDefault(key), Converted(row, group));
        }

        foreach (var done in open.Values)
        {
            yield return Rounded(done);
        }
    }

    private UsageRow Converted(UsageRow row, string?[] groups)
    {
        var day = row.Groups[^1]!;
        var cost = Convert(row.Cost, day);
        return new UsageRow(
            groups, row.Figures, cost, Convert(row.CacheSaving, day), Convert(row.AnswersSaved, day), row.Cost is { } booked ? new Booked(booked, cost!.Value) : null);
    }

    private static UsageRow Sum(UsageRow? sum, UsageRow row)
    {
        if (sum is null)
        {
            return row;
        }

        sum.AddFigures(row);
        return sum with
        {
            Cost = Sum(sum.Cost, row.Cost),
            CacheSaving = Sum(sum.CacheSaving, row.CacheSaving),
            AnswersSaved = Sum(sum.AnswersSaved, row.AnswersSaved),
            Booked = sum.Booked is { } one && row.Booked is { } other ? new Booked(Sum(one.Cost, other.Cost)!.Value, Sum(one.Converted, other.Converted)!.Value) : sum.Booked ?? row.Booked,
        };
    }

    private static UsageRow Rounded(UsageRow row) => row with { Cost = row.Cost?.Round(), CacheSaving = row.CacheSaving?.Round(), AnswersSaved = row.AnswersSaved?.Round() };

    private static Money? Sum(Money? left, Money? right) => left is { } one && right is { } other ? one with { Amount = one.Amount + other.Amount } : left ?? right;

    private Money? Convert(Money? amount, string day) => amount is { } known ? new Money(known.Amount * RateOf(known.Currency, day), target) : null;

    private decimal RateOf(Currency currency, string day)
    {
        var at = DateTimeOffset.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        if (rates.Between(currency, target, at) is not { } dated)
        {
            throw new UsageQueryException(
                "currency",
                $"currency: there is no rate from {currency} to {target} on {day}: add it to currency.rates, which has what one unit of each currency is in {rates.Base}, or ask without currency");
        }

        if (currency != target)
        {
            _used.TryAdd((currency, dated.From), new RateUse(currency, target, dated.Rate, dated.From == DateTimeOffset.MinValue ? null : dated.From));
        }

        return dated.Rate;
    }
}
