using System.Globalization;
using System.Net.Http.Headers;
using LlmGateway.Catalog;
using LlmGateway.Protocols.OpenAI;

namespace LlmGateway.Health;

/// <summary>How much of a vendor's quota is left: by our own count against what is configured, and by what its rate-limit headers say. Thread-safe.</summary>
internal sealed class QuotaWindow
{
    private const int Kinds = 6;

    // Nobody knows when an attempt under way ends; a caller that waits is to look again soon.
    private static readonly TimeSpan ConcurrencyPause = TimeSpan.FromSeconds(1);

    // What a header without a reset is good for.
    private static readonly TimeSpan UnknownReset = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly SlidingCount _minuteRequests = new(TimeSpan.FromMinutes(1), 60);
    private readonly SlidingCount _minuteTokens = new(TimeSpan.FromMinutes(1), 60);
    private readonly SlidingCount _dayRequests = new(TimeSpan.FromDays(1), 96);
    private readonly SlidingCount _dayTokens = new(TimeSpan.FromDays(1), 96);
    private SeenQuota[]? _seen;
    private long _seenUntil; // UTC ticks

    /// <summary>The smallest share that is left of any quota known, 0 to 1; 1 where none is.</summary>
    public double Headroom(Quota? configured, int inFlight, DateTimeOffset now)
    {
        var headroom = 1.0;
        if (configured?.Concurrent is { } concurrent)
        {
            headroom = Math.Clamp(1 - ((double)inFlight / concurrent), 0, 1);
        }

        if (!CountsAt(configured, now))
        {
            return headroom;
        }

        lock (_gate)
        {
            headroom = Math.Min(headroom, Share(configured?.RequestsPerMinute, _minuteRequests, now));
            headroom = Math.Min(headroom, Share(configured?.TokensPerMinute, _minuteTokens, now));
            headroom = Math.Min(headroom, Share(configured?.RequestsPerDay, _dayRequests, now));
            headroom = Math.Min(headroom, Share(configured?.TokensPerDay, _dayTokens, now));
            for (var kind = 0; kind < _seen?.Length; kind++)
            {
                headroom = _seen[kind].HoldsAt(now.UtcTicks) ? Math.Min(headroom, _seen[kind].Share(now.UtcTicks)) : headroom;
            }
        }

        return headroom;
    }

    /// <summary>
    /// A request of so many tokens would go beyond a quota; it would fit at <paramref name="until"/>. One that is larger than a whole quota
    /// is left to the provider to judge, once the quota is free.
    /// </summary>
    public bool IsExhausted(Quota? configured, long tokens, int inFlight, DateTimeOffset now, out DateTimeOffset until)
    {
        until = configured?.Concurrent <= inFlight ? now + ConcurrencyPause : now;
        if (CountsAt(configured, now))
        {
            lock (_gate)
            {
                until = Later(until, FitsAt(configured?.RequestsPerMinute, _minuteRequests, 1, now));
                until = Later(until, FitsAt(configured?.TokensPerMinute, _minuteTokens, tokens, now));
                until = Later(until, FitsAt(configured?.RequestsPerDay, _dayRequests, 1, now));
                until = Later(until, FitsAt(configured?.TokensPerDay, _dayTokens, tokens, now));
                for (var kind = 0; kind < _seen?.Length; kind++)
                {
                    if (_seen[kind].HoldsAt(now.UtcTicks))
                    {
                        until = Later(until, new DateTimeOffset(_seen[kind].FitsAt(Size((QuotaKind)kind, tokens), now.UtcTicks), TimeSpan.Zero));
                    }
                }
            }
        }

        return until > now;
    }

    /// <summary>A request goes out.</summary>
    public void Began(DateTimeOffset now)
    {
        lock (_gate)
        {
            _minuteRequests.Add(1, now);
            _dayRequests.Add(1, now);
            if (_seen is not null)
            {
                _seen[(int)QuotaKind.Requests].Send(1);
                _seen[(int)QuotaKind.RequestsPerDay].Send(1);
            }
        }
    }

    /// <summary>It used so many tokens.</summary>
    public void Used(long tokens, DateTimeOffset now) => Used(tokens, now, now);

    /// <param name="begunAt">When it went out: what the provider said later has counted it already.</param>
    public void Used(long tokens, DateTimeOffset now, DateTimeOffset begunAt)
    {
        if (tokens <= 0)
        {
            return;
        }

        lock (_gate)
        {
            _minuteTokens.Add(tokens, now);
            _dayTokens.Add(tokens, now);
            for (var kind = 0; kind < _seen?.Length; kind++)
            {
                // Of input too, though some were output: the next answer puts it right.
                if ((QuotaKind)kind is QuotaKind.Tokens or QuotaKind.TokensPerDay or QuotaKind.InputTokens && _seen[kind].SeenAt < begunAt.UtcTicks)
                {
                    _seen[kind].Send(tokens);
                }
            }
        }
    }

    /// <summary>The provider says what is left (<c>x-ratelimit-remaining-requests</c> and its kin).</summary>
    public void Seen(HttpHeadersNonValidated headers, DateTimeOffset now)
    {
        Span<Said> said = stackalloc Said[Kinds];
        var any = false;
        foreach (var header in headers)
        {
            if (RateLimitName.TryParse(header.Key, out var kind, out var figure))
            {
                any |= said[(int)kind].Take(figure, header.Value.ToString(), now);
            }
        }

        if (!any)
        {
            return;
        }

        lock (_gate)
        {
            _seen ??= new SeenQuota[Kinds];
            for (var kind = 0; kind < Kinds; kind++)
            {
                if (said[kind].Remaining is { } remaining)
                {
                    var reset = (now + (said[kind].Reset ?? UnknownReset)).UtcTicks;
                    _seen[kind].See(said[kind].Limit, remaining, now.UtcTicks, reset);
                    Volatile.Write(ref _seenUntil, Math.Max(_seenUntil, reset));
                }
            }
        }
    }

    /// <summary>Whether there is anything to look up; for most deployments there never is.</summary>
    private bool CountsAt(Quota? configured, DateTimeOffset now) =>
        configured is { RequestsPerMinute: not null } or { TokensPerMinute: not null } or { RequestsPerDay: not null } or { TokensPerDay: not null }
        || Volatile.Read(ref _seenUntil) > now.UtcTicks;

    private static double Share(long? quota, SlidingCount used, DateTimeOffset now) =>
        quota is { } limit ? Math.Clamp(1 - ((double)used.Total(now) / limit), 0, 1) : 1;

    private static DateTimeOffset FitsAt(long? quota, SlidingCount used, long more, DateTimeOffset now) =>
        quota is { } limit ? used.LessBy(used.Total(now) + Math.Min(more, limit) - limit, now) : now;

    private static long Size(QuotaKind kind, long tokens) => kind switch
    {
        QuotaKind.Requests or QuotaKind.RequestsPerDay => 1,

        // How long the answer will be nobody knows: anything that is left will do.
        QuotaKind.OutputTokens => 1,
        _ => tokens,
    };

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    /// <summary>What the headers of one answer say of one quota.</summary>
    private record struct Said(long? Limit, long? Remaining, TimeSpan? Reset)
    {
        /// <summary>True when it says what is left.</summary>
        public bool Take(RateLimitFigure figure, string value, DateTimeOffset now)
        {
            if (figure is RateLimitFigure.Reset)
            {
                Reset = RateLimitHeaders.TryParseReset(value, now, out var delay) && delay < TimeSpan.FromDays(31) ? delay : null;
                return false;
            }

            // A fraction, which some vendors send, is as good as nothing.
            if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !(number < long.MaxValue))
            {
                return false;
            }

            var count = (long)Math.Max(0, number);
            Limit = figure is RateLimitFigure.Limit ? count : Limit;
            Remaining = figure is RateLimitFigure.Remaining ? count : Remaining;
            return figure is RateLimitFigure.Remaining;
        }
    }
}
