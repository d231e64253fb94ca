using System.Diagnostics.Metrics;
using LlmGateway.Gateway;
using LlmGateway.Telemetry;

namespace LlmGateway.Caching;

/// <summary>What caches answered, what they saved, and why they were left aside. Labels come from the configuration; what it does not know is <c>other</c>.</summary>
internal sealed class CacheMetrics
{
    private readonly Counter<long> _answers;
    private readonly Counter<long> _skipped;
    private readonly Counter<double> _cost;
    private readonly Counter<double> _seconds;
    private readonly Counter<long> _tokens;

    public CacheMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(GatewayMeter.Name);
        _answers = meter.CreateCounter<long>("cache_total", "{request}", "Requests of routes with caches, by what caches had to do with them: off, miss, hit, semantic or coalesced.");
        _skipped = meter.CreateCounter<long>("cache_skipped_total", "{request}", "Requests that caches left aside, and answers that were not kept, by why.");
        _cost = meter.CreateCounter<double>("cache_saved_cost_total", null, "What answers from caches cost when a provider gave them, in the unit of the currency. It is not a part of cost_total.");
        _seconds = meter.CreateCounter<double>("cache_saved_seconds_total", "s", "How long providers took for answers that came from caches.");
        _tokens = meter.CreateCounter<long>("cache_saved_tokens_total", "{token}", "Tokens of answers that came from caches, as their providers counted them then.");
    }

    /// <summary>A request of a route with caches is being answered.</summary>
    public void Answered(Exchange exchange, CacheResult result)
    {
        if (_answers.Enabled)
        {
            _answers.Add(1, new("route", exchange.Route ?? "other"), new("result", CacheNames.Of(result)));
        }
    }

    /// <param name="reason">One word of few.</param>
    public void Skipped(string route, string reason)
    {
        if (_skipped.Enabled)
        {
            _skipped.Add(1, new("route", route), new("reason", reason));
        }
    }

    /// <summary>An answer was given that a provider had given before.</summary>
    public void Saved(Exchange exchange, in CachedAnswer answer)
    {
        var route = exchange.Route ?? "other";
        var tenant = exchange.Snapshot.Tenants.ContainsKey(exchange.Key!.Tenant) ? exchange.Key.Tenant : "other";
        if (answer.Saved is { Amount: > 0 } cost && _cost.Enabled)
        {
            _cost.Add((double)cost.Amount, new("route", route), new("tenant", tenant), new("currency", cost.Currency.Code));
        }

        if (_seconds.Enabled)
        {
            _seconds.Add(Math.Max(0, answer.SavedTime.TotalSeconds), new("route", route), new("tenant", tenant));
        }

        if (_tokens.Enabled)
        {
            _tokens.Add(answer.InputTokens, new("route", route), new("tenant", tenant), new("kind", "input"));
            _tokens.Add(answer.OutputTokens, new("route", route), new("tenant", tenant), new("kind", "output"));
        }
    }
}
