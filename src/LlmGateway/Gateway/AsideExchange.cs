using System.Text;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Health;
using LlmGateway.Keys;
using LlmGateway.Requests;
using LlmGateway.Routing;

namespace LlmGateway.Gateway;

/// <summary>Makes the exchange of a call that no client asked for: it has no client, and one deployment.</summary>
internal static class AsideExchange
{
    /// <param name="deployment">As the snapshot has it.</param>
    /// <param name="cancellation">Stands for the client's leaving.</param>
    /// <exception cref="ArgumentException">The body is no request, by a defect of ours.</exception>
    public static Exchange Open(
        AsideCall call, Snapshot snapshot, Deployment deployment, DeploymentState state, Drain drain, TimeProvider time, CancellationToken cancellation)
    {
        if (!RequestReader.TryRead(call.Endpoint, call.Body, owner: null, out var request, out var error) || request.Stream)
        {
            throw new ArgumentException(error?.Message ?? "A call aside is not streamed.", nameof(call));
        }

        var (startedAt, payer) = (time.GetUtcNow(), call.Payer);
        var id = OperationIds.Next(startedAt);
        return new Exchange(new DefaultHttpContext { RequestAborted = cancellation }, snapshot, call.Endpoint, id, startedAt, time.GetTimestamp())
        {
            RequestId = id.ToString("D"),
            Time = time,
            Drain = drain,
            Key = payer is null ? null : new VirtualKey { Id = payer.KeyId, Name = "", Tenant = payer.Tenant, Project = payer.Project },
            Request = request,
            User = payer?.User,
            Tags = payer is { Tags.Length: > 0 } ? Encoding.UTF8.GetBytes(payer.Tags) : default,
            Route = payer?.Route,
            OutputBound = call.MaxOutput,
            Plan = PlanOf(snapshot, deployment, state, payer?.Route),
        };
    }

    /// <summary>
    /// What is learned of a route's answers, how long they become say, must not be learned from these: so it is a route of its own, which counts where
    /// the client's counts.
    /// </summary>
    private static RoutePlan PlanOf(Snapshot snapshot, Deployment deployment, DeploymentState state, string? countsAs)
    {
        var like = countsAs is null ? null : snapshot.Routes.GetValueOrDefault(countsAs);
        var route = new Route
        {
            Name = deployment.Name + " (aside)",
            CountsAs = countsAs,
            Targets = [new RouteTarget(deployment, 1)],
            Unpriced = like?.Unpriced ?? UnpricedRule.Allow,
        };
        return new RoutePlan(route, [new PlanStep(new Candidate(0, deployment, 1, state, state.BreakerFor(route.Failover.Breaker)))]);
    }
}
