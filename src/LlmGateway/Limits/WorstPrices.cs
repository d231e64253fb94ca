using System.Collections.Concurrent;
using LlmGateway.Catalog;
using LlmGateway.Configuration;

namespace LlmGateway.Limits;

/// <summary>The dearest that attempts can become, looked up once a second.</summary>
internal sealed class WorstPrices
{
    private volatile Second _second = new(null, 0);

    /// <summary>What an attempt at the deployment may cost at most, in nanos of a currency; null where it cannot be told.</summary>
    public long? Cost(Snapshot snapshot, Deployment deployment, Currency currency, long input, long output, DateTimeOffset now)
    {
        var number = now.UtcTicks / TimeSpan.TicksPerSecond;
        var second = _second;
        if (second.Number != number || !ReferenceEquals(second.Snapshot, snapshot))
        {
            _second = second = new Second(snapshot, number);
        }

        return second.Find(deployment.PriceName, currency, now) is { } known ? known.Price.Cost(input, output, known.Rate) : null;
    }

    private sealed class Second(Snapshot? snapshot, long number)
    {
        private readonly ConcurrentDictionary<(string Price, Currency Currency), (WorstPrice Price, double Rate)?> _prices = new();

        public Snapshot? Snapshot { get; } = snapshot;

        public long Number { get; } = number;

        public (WorstPrice Price, double Rate)? Find(string price, Currency currency, DateTimeOffset now) =>
            _prices.TryGetValue((price, currency), out var known) ? known : _prices.GetOrAdd((price, currency), Read(price, currency, now));

        private (WorstPrice Price, double Rate)? Read(string name, Currency currency, DateTimeOffset now)
        {
            if (WorstPrice.Read(Snapshot!.Prices, name, now) is not { } price
                || Nanos.Rate(price.Currency, currency, Snapshot.Rates, now) is not { } rate)
            {
                return null;
            }

            return (price, (double)rate);
        }
    }
}
