using LlmGateway.Routing;

namespace LlmGateway.LoadTests.Day;

/// <summary>
/// A vendor at work: admits what its quota allows, tells the rest to come back, and answers the slower the more it has to do. Chance is of
/// the request and not of the order of requests: under every policy the same request would meet the same luck there.
/// </summary>
internal sealed class VendorModel(Vendor vendor, ulong seed, TimeProvider time)
{
    private const double FirstSpread = 0.35;
    private const double TokenSpread = 0.18;

    // Half a round trip and a word: what a refusal takes.
    private static readonly TimeSpan Refusal = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(60);

    private readonly MinuteCount _requests = new(vendor.RequestsPerMinute);
    private readonly MinuteCount _tokens = new(vendor.TokensPerMinute);

    public Vendor Vendor => vendor;

    public int InFlight { get; private set; }

    /// <param name="number">Of the request in the day.</param>
    /// <param name="attempt">Of the request.</param>
    public Reply Ask(int number, int attempt, in Arrival arrival)
    {
        var now = time.GetUtcNow();
        if (vendor.Down?.Contains(now - DayWorld.Midnight) == true)
        {
            return new Reply(ReplyKind.Refused, Refusal);
        }

        // Of the output, which nobody knows yet, only what was used before counts.
        var wait = Longer(_requests.FitsAfter(1, now.UtcTicks), _tokens.FitsAfter(arrival.Input, now.UtcTicks));
        if (InFlight >= vendor.Concurrent)
        {
            wait = Longer(wait, TimeSpan.FromSeconds(1));
        }

        if (wait > TimeSpan.Zero)
        {
            return new Reply(ReplyKind.RateLimited, Limit, RetryAfter: TimeSpan.FromSeconds(Math.Ceiling(wait.TotalSeconds)));
        }

        _requests.Add(1, now.UtcTicks);
        _tokens.Add(arrival.Input, now.UtcTicks);
        InFlight++;
        var random = new DecisionRandom(DecisionRandom.Mix(seed ^ ((ulong)number << 8) ^ (ulong)attempt));
        var load = 1 + 0.5 * Math.Max(0, InFlight - vendor.Knee) / vendor.Knee;
        var first = vendor.FirstToken * load * LogNormal(ref random, FirstSpread);
        var rest = (arrival.Output - 1) * vendor.PerToken * load * LogNormal(ref random, TokenSpread);
        return new Reply(ReplyKind.Answered, TimeSpan.FromSeconds(first), TimeSpan.FromSeconds(first + rest));
    }

    /// <summary>A request that was admitted has ended.</summary>
    public void Ended(int output)
    {
        InFlight--;
        _tokens.Add(output, time.GetUtcNow().UtcTicks);
    }

    private static double LogNormal(ref DecisionRandom random, double sigma) =>
        Math.Exp(sigma * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
