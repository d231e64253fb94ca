using System.Globalization;
using LlmGateway.Catalog;
using LlmGateway.Reports.Closing;

namespace LlmGateway.Reports.Rerating;

/// <summary>
/// Prices rows again and says what that changes. Rows pass one by one; what is kept is a sum for each key and deployment. What re-ratings before have booked
/// for the same rows counts as booked, so that a second one books the rest and not the same again.
/// </summary>
internal sealed class Rerater(ChargeReader charges, CorrectionBook corrections, IRatings ratings)
{
    /// <summary>Sums that are kept at most: some 100 MB.</summary>
    private const int MostSums = 500_000;

    /// <exception cref="UsageQueryException">It cannot be done as asked for.</exception>
    public async Task<RerateReport> CountAsync(RerateQuery query, CancellationToken cancellation)
    {
        // The bookings first: should another come while rows are read, booking finds that there is one more.
        var before = await corrections.OfKindAsync(BookingKind.Rerating, cancellation);
        var meeting = before.Where(booking => RerateQuery.Read(booking.Request).Meets(query)).ToList();
        var sums = new Dictionary<RerateKey, RerateSums>();
        var rate = ratings.Take(query.Now);
        await charges.ReadAsync(query, charge => Take(sums, query, charge, rate(charge)), cancellation);
        foreach (var booking in meeting.Where(booking => query.Holds(RerateQuery.Read(booking.Request))))
        {
            await CorrectAsync(sums, booking.Reference, cancellation);
        }

        return new RerateReport(
            query, sums, [.. meeting.Where(booking => !query.Holds(RerateQuery.Read(booking.Request))).Select(static booking => booking.Reference)], before.Count);
    }

    private static void Take(Dictionary<RerateKey, RerateSums> sums, RerateQuery query, in Charge charge, in Rating rating)
    {
        if (query.Price is { } price && price != rating.Price)
        {
            return;
        }

        var (booked, rerated) = (charge.Cost, rating.Cost ?? charge.Cost);
        var sum = SumOf(sums, charge, booked?.Currency ?? rerated?.Currency);
        sum.Rows++;
        sum.Unpriced += rating.Cost is null ? 1 : 0;
        sum.NewlyPriced += booked is null && rerated is not null ? 1 : 0;
        sum.Booked += booked?.Amount ?? 0;

        // A price may have another currency by now: then one amount goes back and another comes.
        SumOf(sums, charge, (rerated ?? booked)?.Currency).Rerated += rerated?.Amount ?? 0;
    }

    private static RerateSums SumOf(Dictionary<RerateKey, RerateSums> sums, in Charge charge, Currency? currency)
    {
        var key = new RerateKey(charge.Tenant, charge.Project, charge.KeyId, charge.Deployment, currency?.Code, Period.Of(charge.StartedAt));
        var sum = SumOf(sums, key);
        sum.Provider ??= charge.Provider;
        return sum;
    }

    private static RerateSums SumOf(Dictionary<RerateKey, RerateSums> sums, RerateKey key)
    {
        if (sums.TryGetValue(key, out var sum))
        {
            return sum;
        }

        if (sums.Count == MostSums)
        {
            throw new UsageQueryException("from", "from: these are more keys and deployments than can be counted at once: ask by tenant or for less time");
        }

        return sums[key] = new RerateSums();
    }

    private async Task CorrectAsync(Dictionary<RerateKey, RerateSums> sums, string reference, CancellationToken cancellation)
    {
        const int Page = 1_000;
        var after = 0L;
        IReadOnlyList<CorrectionEntry> page;
        do
        {
            page = await corrections.ListAsync(reference, null, null, after, Page, cancellation);
            foreach (var entry in page)
            {
                Period.TryParse(entry.Period, out var period);
                SumOf(sums, new RerateKey(entry.Tenant, entry.Project, entry.KeyId, entry.Deployment, entry.Currency, period)).Corrected +=
                    decimal.Parse(entry.Amount, CultureInfo.InvariantCulture);
                after = entry.Sequence;
            }
        }
        while (page.Count == Page);
    }
}
