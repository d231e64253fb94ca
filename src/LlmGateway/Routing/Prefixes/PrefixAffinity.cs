using LlmGateway.Gateway;
using LlmGateway.Requests;

namespace LlmGateway.Routing.Prefixes;

/// <summary>Predicts prompt caches from what <see cref="PrefixObserver"/> saw sent.</summary>
internal sealed class PrefixAffinity(PrefixTable table, CacheReports reports) : IPrefixAffinity
{
    /// <summary>Vendors count hits in such steps (OpenAI, Azure), or in smaller ones (64 at DeepSeek).</summary>
    private const int Step = 128;

    public void Predict(Exchange exchange, RouteRuntime route, Span<Verdict> verdicts)
    {
        Span<Prefix> prefixes = stackalloc Prefix[MessageEnd.Most];
        prefixes = prefixes[..Prefix.Read(exchange, prefixes)];
        if (prefixes.IsEmpty)
        {
            return;
        }

        var now = table.Now;
        foreach (ref var verdict in verdicts)
        {
            if (reports.Trusts(verdict.Candidate.Deployment.Name))
            {
                Predict(prefixes, now, ref verdict);
            }
        }
    }

    private void Predict(ReadOnlySpan<Prefix> prefixes, uint now, ref Verdict verdict)
    {
        for (var i = prefixes.Length - 1; i >= 0; i--)
        {
            if (table.TryFind(prefixes[i].Hash, verdict.Candidate.NameHash, now, out var credential))
            {
                verdict.CachedTokens = prefixes[i].Tokens / Step * Step;
                verdict.Credential = NameOf(verdict.Candidate, credential);
                return;
            }
        }
    }

    // A reload may have taken it away.
    private static string? NameOf(Candidate candidate, int credential)
    {
        var credentials = candidate.Deployment.Provider.Credentials;
        return credentials.Count > 1 && credential > 0 && credential <= credentials.Count ? credentials[credential - 1].Name : null;
    }
}
