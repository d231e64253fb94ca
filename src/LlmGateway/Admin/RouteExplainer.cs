using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Keys;
using LlmGateway.Requests;
using LlmGateway.Routing;

namespace LlmGateway.Admin;

/// <summary>
/// Dry runs: an exchange that nobody sent goes through the reader of requests and the room of routing, the same code as every other,
/// and ends there. Nothing is counted and nobody is called.
/// </summary>
internal sealed class RouteExplainer(RoutingRoom routing, KeyReader keys, ISnapshotSource snapshots, TimeProvider time)
{
    private const string UserHeader = "x-gateway-user";

    /// <summary>A route, or a deployment that a request may name in its place.</summary>
    public bool Knows(string name) => snapshots.Current.Routes.ContainsKey(name) || snapshots.Current.Deployments.ContainsKey(name);

    /// <summary>The decision; or why there is nothing to decide about.</summary>
    public (DecisionView? Decision, GatewayError? Error) Explain(string route, ExplainRequest asked)
    {
        var snapshot = snapshots.Current;
        var (key, status, error) = KeyOf(asked, snapshot);
        if (key is null)
        {
            return (null, error);
        }

        if (!RequestReader.TryRead(asked.Endpoint, asked.Body, owner: null, out var request, out error))
        {
            return (null, error);
        }

        using (request)
        {
            var exchange = Open(asked, snapshot, key, request);
            if (TagReader.Apply(exchange, request) is { } wrong)
            {
                return (null, wrong);
            }

            return (Show(route, exchange, routing.Decide(exchange)) with { KeyStatus = status }, null);
        }
    }

    private static DecisionView Show(string route, Exchange exchange, GatewayError? refusal) => DecisionView.Of(
        route, exchange.StartedAt, exchange.Endpoint, DemandFacts.Of(exchange), exchange.Plan?.Decisions ?? [],
        refusal is null ? exchange.Plan?.Steps ?? [] : [],
        refusal is null ? null : RefusalView.Of(refusal),
        VerdictView.Live) with
    { At = (exchange.PricedAt ?? exchange.StartedAt).UtcDateTime };

    private Exchange Open(ExplainRequest asked, Snapshot snapshot, VirtualKey key, InferenceRequest request)
    {
        var http = new DefaultHttpContext();
        Set(GatewayHeaders.Policy, asked.Policy);
        Set(GatewayHeaders.MaxCost, asked.MaxCost);
        Set(UserHeader, asked.User);
        var clock = new StandingClock(time.GetUtcNow());
        return new Exchange(http, snapshot, asked.Endpoint, Guid.Empty, clock.GetUtcNow(), startTimestamp: 0)
        {
            Time = clock,
            PricedAt = asked.At,
            Key = key,
            Request = request,
        };

        void Set(string header, string? value)
        {
            if (value is not null)
            {
                http.Request.Headers[header] = value;
            }
        }
    }

    /// <summary>
    /// The key that is named, and whether it is any good at the time that is asked about; else one of the tenant, and where none is named of
    /// nobody, which may use every route.
    /// </summary>
    private (VirtualKey? Key, string? Status, GatewayError? Error) KeyOf(ExplainRequest asked, Snapshot snapshot)
    {
        if (asked.Tenant is { } tenant && !snapshot.Tenants.ContainsKey(tenant))
        {
            return (null, null, AdminErrors.Invalid("tenant", $"There is no tenant '{tenant}'.{Nearest.Hint(tenant, snapshot.Tenants.Keys)}"));
        }

        if (asked.Key is not { } id)
        {
            return (new VirtualKey { Id = "explain", Name = "explain", Tenant = asked.Tenant ?? "", Project = "" }, null, null);
        }

        var (key, status) = Find(id, snapshot, asked.At ?? time.GetUtcNow());
        return key is null ? (null, null, AdminErrors.Invalid("key", $"There is no key '{id}': give the id that GET /admin/v1/keys shows."))
            : asked.Tenant is { } other && other != key.Tenant ? (null, null, AdminErrors.Invalid("key", $"The key '{id}' is not one of tenant '{other}'."))
            : (key, status, null);
    }

    private (VirtualKey? Key, string? Status) Find(string id, Snapshot snapshot, DateTimeOffset at)
    {
        foreach (var configured in snapshot.Keys)
        {
            if (configured.ToVirtualKey() is var key && key.Id == id)
            {
                return (key, configured.StatusAt(at));
            }
        }

        return keys.Find(id) is { } record ? (record.Key, record.StatusAt(at)) : default;
    }

    /// <summary>Every part of a decision sees the same instant.</summary>
    private sealed class StandingClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
