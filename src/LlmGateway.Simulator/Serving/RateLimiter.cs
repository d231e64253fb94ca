using System.Collections.Concurrent;
using LlmGateway.Simulator.Wire;
using Microsoft.AspNetCore.Http;

namespace LlmGateway.Simulator.Serving;

/// <summary>Requests and tokens a minute for each key, as two buckets that refill steadily. Free where no limit is set.</summary>
internal sealed class RateLimiter(TimeProvider time)
{
    // Keys are made up by callers where any is accepted: beyond these they share one.
    private const int MaxKeys = 10_000;

    private readonly ConcurrentDictionary<string, Buckets> _keys = new(StringComparer.Ordinal);

    /// <summary>Takes one request and its tokens and sets the headers; the refusal if there are not enough.</summary>
    public ApiError? Take(Call call, string model, int tokens)
    {
        SimulatorOptions options = call.State.Options;
        if (options.RequestsPerMinute == 0 && options.TokensPerMinute == 0)
        {
            return null;
        }

        string key = call.Key ?? "";
        if (!_keys.TryGetValue(key, out Buckets? buckets))
        {
            buckets = _keys.GetOrAdd(_keys.Count < MaxKeys ? key : "", static _ => new Buckets());
        }

        lock (buckets)
        {
            TimeSpan now = time.GetElapsedTime(0);
            buckets.Requests.Refill(options.RequestsPerMinute, now);
            buckets.Tokens.Refill(options.TokensPerMinute, now);
            ApiError? error = buckets.Requests.Check(1, "requests", "RPM", model) ?? buckets.Tokens.Check(tokens, "tokens", "TPM", model);
            if (error is null)
            {
                buckets.Requests.Level--;
                buckets.Tokens.Level -= tokens;
            }

            buckets.Requests.SetHeaders(call.Http.Response.Headers, "requests");
            buckets.Tokens.SetHeaders(call.Http.Response.Headers, "tokens");
            return error;
        }
    }

    private sealed class Buckets
    {
        public Bucket Requests { get; } = new();

        public Bucket Tokens { get; } = new();
    }

    private sealed class Bucket
    {
        private int _limit;
        private TimeSpan _asOf;

        public double Level { get; set; }

        public void Refill(int limit, TimeSpan now)
        {
            Level = limit != _limit ? limit : Math.Min(limit, Level + ((now - _asOf).TotalMinutes * limit));
            _limit = limit;
            _asOf = now;
        }

        public ApiError? Check(int amount, string kind, string shortKind, string model)
        {
            // A hair of tolerance: refilling adds fractions, and 0.9999999 of a request is one.
            if (_limit == 0 || Level + 1e-6 >= amount)
            {
                return null;
            }

            TimeSpan wait = Until(amount);
            string text = amount > _limit
                ? $"Request too large for {model} in organization org-simulator on {kind} per min ({shortKind}): Limit {_limit}, Requested {amount}. "
                    + "The input or output tokens must be reduced in order to run successfully."
                : $"Rate limit reached for {model} in organization org-simulator on {kind} per min ({shortKind}): Limit {_limit}, "
                    + $"Used {_limit - (int)Level}, Requested {amount}. Please try again in {GoDuration.Format(wait)}.";
            return new ApiError(429, text, kind, null, "rate_limit_exceeded") { RetryAfter = wait };
        }

        public void SetHeaders(IHeaderDictionary headers, string kind)
        {
            if (_limit > 0)
            {
                headers[$"x-ratelimit-limit-{kind}"] = _limit.ToString(null, null);
                headers[$"x-ratelimit-remaining-{kind}"] = Math.Max(0, (int)(Level + 1e-6)).ToString(null, null);
                headers[$"x-ratelimit-reset-{kind}"] = GoDuration.Format(Until(_limit));
            }
        }

        private TimeSpan Until(double level) => TimeSpan.FromMinutes(Math.Max(0, (Math.Min(level, _limit) - Level) / _limit));
    }
}
