using System.Net.Http.Headers;
using LlmGateway.Catalog;

namespace LlmGateway.Health;

/// <summary>How much of a vendor's quota is left: by our own count against what is configured, and by what its rate-limit headers say. Thread-safe.</summary>
internal sealed class QuotaWindow
{
    /// <summary>The smallest share that is left of any quota known, 0 to 1; 1 where none is.</summary>
    public double Headroom(Quota? configured, int inFlight, DateTimeOffset now) => 1;

    /// <summary>A request of so many tokens would go beyond a quota; it would fit at <paramref name="until"/>.</summary>
    public bool IsExhausted(Quota? configured, long tokens, int inFlight, DateTimeOffset now, out DateTimeOffset until)
    {
        until = now;
        return false;
    }

    /// <summary>A request goes out.</summary>
    public void Began(DateTimeOffset now)
    {
    }

    /// <summary>It used so many tokens.</summary>
    public void Used(long tokens, DateTimeOffset now)
    {
    }

    /// <summary>The provider says what is left (<c>x-ratelimit-remaining-requests</c> and its kin).</summary>
    public void Seen(HttpHeadersNonValidated headers, DateTimeOffset now)
    {
    }
}
