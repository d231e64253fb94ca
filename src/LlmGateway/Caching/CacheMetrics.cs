using System.Diagnostics.Metrics;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Telemetry;

namespace LlmGateway.Caching;

/// <summary>
/// What caches had to do with answers, and what they saved. Routes and tenants are those of the configuration; what it does not know is <c>other</c>.
/// What was saved is not in <c>cost_total</c> nor <c>tokens_total</c>: those are what was bought.
/// </summary>
internal sealed class CacheMetrics
{
    private const string Other = "other";

    private readonly ISnapshotSource _snapshots;
    private readonly Counter<long> _answers;
    private readonly Counter<long> _skipped;
    private readonly Counter<double> _cost;
    private readonly Counter<double> _seconds;
    private readonly Counter<long> _tokens;

    public CacheMetrics(IMeterFactory meters, ISnapshotSource snapshots)
    {
        _snapshots = snapshots;
        var meter = meters.Create(GatewayMeter.Name);
        _answers = meter.CreateCounter<long>("cache_total", "{request}", "Requests, by what caches had to do with them: off, miss, hit, semantic or coalesced.");
        _skipped = meter.CreateCounter<long>("cache_skipped_total", "{request}", "Requests and answers that caches left aside, by why.");
        _cost = meter.CreateCounter<double>("cache_saved_cost_total", null, "What answers from caches had cost the first time, in the unit of the currency.");
        _seconds = meter.CreateCounter<double>("cache_saved_seconds_total", "s", "Time that providers had taken for them.");
        _tokens = meter.CreateCounter<long>("cache_saved_tokens_total", "{token}", "Tokens that providers had counted for them.");
    }

    /// <summary>Once a request.</summary>
    public void Answered(Exchange exchange, CacheResult result)
    {
        if (_answers.Enabled)
        {
            _answers.Add(1, new("route", Route(exchange.Snapshot, exchange.Route)), new("result", CacheNames.Of(result)));
        }
    }

    /// <param name="reason">One of a fixed set: it is a label.</param>
    public void Skipped(string route, string reason)
    {
        if (_skipped.Enabled)
        {
            _skipped.Add(1, new("route", Route(_snapshots.Current, route)), new("reason", reason));
        }
    }

    /// <summary>An answer was not asked of a provider.</summary>
    public void Saved(Exchange exchange, in CachedAnswer answer)
    {
        var (route, tenant) = (Route(exchange.Snapshot, exchange.Route), Tenant(exchange));
        if (answer.Saved is { Amount: > 0 } saved && _cost.Enabled)
        {
            _cost.Add((double)saved.Amount, new("route", route), new("tenant", tenant), new("currency", saved.Currency.Code));
        }

        if (answer.SavedTime > TimeSpan.Zero && _seconds.Enabled)
        {
            _seconds.Add(answer.SavedTime.TotalSeconds, new("route", route), new("tenant", tenant));
        }

        if (_tokens.Enabled)
        {
            Tokens(answer.InputTokens, "input", route, tenant);
            Tokens(answer.OutputTokens, "output", route, tenant);
        }
    }

    private void Tokens(long count, string kind, string route, string tenant)
    {
        if (count > 0)
        {
            _tokens.Add(count, new("route", route), new("tenant", tenant), new("kind", kind));
        }
    }

    // A deployment that is asked for by its own name is a route of that name.
    private static string Route(Snapshot snapshot, string? route) =>
        route is not null && (snapshot.Routes.ContainsKey(route) || snapshot.Deployments.ContainsKey(route)) ? route : Other;

    private static string Tenant(Exchange exchange) =>
        exchange.Key is { } key && exchange.Snapshot.Tenants.ContainsKey(key.Tenant) ? key.Tenant : Other;
}
