using LlmGateway.Catalog;
using LlmGateway.Configuration;

namespace LlmGateway.Routing;

/// <summary>A route of one Snapshot with what a decision would otherwise have to look up each time.</summary>
internal sealed class RouteRuntime
{
    private readonly Snapshot _snapshot;
    private readonly CandidatePrice?[] _prices;

    public RouteRuntime(Snapshot snapshot, Route route, Candidate[] candidates, OutputHistory history)
    {
        _snapshot = snapshot;
        _prices = new CandidatePrice?[candidates.Length];
        Route = route;
        Candidates = candidates;
        History = history;
        Ceiling = route.MaxCost is { } most ? (double)most : double.PositiveInfinity;
        Deprecations = new string?[candidates.Length];
        LastResorts = new string[candidates.Length];
        for (var i = 0; i < candidates.Length; i++)
        {
            var deployment = candidates[i].Deployment;
            HasWeight |= candidates[i].Weight > 0;
            HasCurrent |= deployment.Stage is Stage.Production or Stage.Canary;
            Declared |= deployment.DeclaresCapabilities && deployment.Unusable is null ? deployment.Capabilities : Capabilities.None;
            Deprecations[i] = deployment.Stage is Stage.Deprecated ? $"{deployment.Name} is deprecated; move to another model before it is retired" : null;
            LastResorts[i] = $"{deployment.Name} has been failing; it was asked because no other was left";
        }
    }

    public Route Route { get; }

    public Candidate[] Candidates { get; }

    public OutputHistory History { get; }

    /// <summary>Dearest that a request may become, in the base currency; infinite for any price.</summary>
    public double Ceiling { get; }

    public Currency Currency => _snapshot.Rates.Base;

    /// <summary>Not all are at an end: a deprecated one waits behind.</summary>
    public bool HasCurrent { get; }

    /// <summary>Not all have the weight 0: one that has waits behind.</summary>
    public bool HasWeight { get; }

    /// <summary>What some deployment that takes traffic says that it can do.</summary>
    public Capabilities Declared { get; }

    /// <summary>What the client is told when that candidate answers, written once; null for nothing.</summary>
    public string?[] Deprecations { get; }

    public string[] LastResorts { get; }

    public CandidatePrice PriceOf(int index, DateTimeOffset now)
    {
        var price = Volatile.Read(ref _prices[index]);
        if (price is null || price.Second != CandidatePrice.SecondOf(now))
        {
            price = CandidatePrice.Read(_snapshot, Candidates[index].Deployment.PriceName, now);
            Volatile.Write(ref _prices[index], price);
        }

        return price;
    }
}
