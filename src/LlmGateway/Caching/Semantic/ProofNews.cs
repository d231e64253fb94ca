using LlmGateway.Caching.Semantic.Proof;
using LlmGateway.Catalog;
using LlmGateway.Gateway;

namespace LlmGateway.Caching.Semantic;

/// <summary>Tells the operator that a route or a partition has come into another state.</summary>
/// <param name="alerts">Null where nobody is alerted.</param>
internal sealed class ProofNews(SemanticMetrics metrics, ILogger<ProofNews> logger, IOperatorAlerts? alerts = null)
{
    public void Tell(IReadOnlyList<ProofTransition> moved)
    {
        foreach (var transition in moved)
        {
            var (route, partition) = (transition.Route, transition.Partition ?? "all");
            if (!transition.EndsServing)
            {
                logger.StateChanged(route, partition, transition.From, transition.To, transition.Reason);
                continue;
            }

            logger.ServingEnded(route, partition, transition.From, transition.To, transition.Reason);
            metrics.ServingEnded(route, transition.Partition is null);
            alerts?.Tell(new OperatorAlert(AlertTypes.SemanticOff, TenantOf(transition.Partition), route, transition.Partition, Message(transition), transition.At));
        }
    }

    /// <summary>The name of a partition begins with its tenant's.</summary>
    private static string TenantOf(string? partition) => partition is not null && partition.LastIndexOf('/') is > 0 and var slash ? partition[..slash] : "";

    private static string Message(ProofTransition transition)
    {
        var what = transition.Partition is { } partition ? $"Partition {partition} of route {transition.Route}" : $"Route {transition.Route}";
        var why = transition.Reason switch
        {
            ProofReason.Drift => "wrong answers have become more frequent than is allowed",
            ProofReason.Refuted => "its answers are wrong more often than is allowed",
            ProofReason.Unjudged => "its answers could not be judged",
            _ => "what is known of its answers does not prove any more that they are right often enough",
        };
        return $"{what} does not answer by meaning any more: {why}.";
    }
}
