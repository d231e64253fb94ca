using LlmGateway.Catalog;

namespace LlmGateway.Routing;

/// <summary>Why a deployment is not asked, in the order in which it is looked at.</summary>
internal enum Exclusion : byte
{
    None,

    /// <summary><c>candidate</c> and <c>retired</c> take no traffic; <c>deprecated</c> only what names it.</summary>
    Stage,

    /// <summary>Its provider has no credential, or none that works.</summary>
    Credential,

    /// <summary>It cannot do what the request needs.</summary>
    Capability,

    /// <summary>The tenant's data may not go to its region.</summary>
    Region,

    /// <summary>It lacks a tag that the tenant requires.</summary>
    Tag,

    /// <summary>It has no price in force, and the route refuses that.</summary>
    Unpriced,

    /// <summary>The request is expected to cost more than route or client allow.</summary>
    MaxCost,

    /// <summary>The request is estimated to be longer than its window.</summary>
    Context,

    /// <summary>The request allows a longer output than it can give.</summary>
    MaxOutput,

    /// <summary>Its breaker is open.</summary>
    Breaker,

    /// <summary>It, or each of its credentials, was asked to rest.</summary>
    Resting,

    /// <summary>Its quota is used up.</summary>
    Quota,
}

/// <summary>What was found of one candidate. A struct in one array a decision: a decision allocates once, however much it explains.</summary>
internal struct Verdict
{
    public Candidate Candidate;

    public Exclusion Exclusion;

    /// <summary>The exclusion falls where nobody else is left: it rests on an estimate, or passes with time.</summary>
    public bool IsSoft;

    /// <summary>For <see cref="Routing.Exclusion.Capability"/>: what it lacks, or, where soft, what nobody says that it can do.</summary>
    public Capabilities Missing;

    /// <summary>When a passing exclusion is over; default where nobody knows.</summary>
    public DateTimeOffset Until;

    /// <summary>Expected cost of the request in the base currency; NaN where it has no price, or no rate of exchange.</summary>
    public double Cost;

    /// <summary>Part of the input that its prompt cache is expected to hold, in tokens.</summary>
    public long CachedTokens;

    /// <summary>What that saves, in the base currency; part of <see cref="Cost"/> already.</summary>
    public double Saving;

    /// <summary>Predicted time to the last token, in seconds; NaN while nothing is known.</summary>
    public double Latency;

    /// <summary>Smallest share left of any quota, 0 to 1.</summary>
    public double Headroom;

    /// <summary>0 to 1, the operator's judgement; NaN where there is none.</summary>
    public double Quality;

    public int InFlight;

    /// <summary>What affinity takes off the score.</summary>
    public double Bonus;

    /// <summary>By which candidates are ordered; the lowest is asked first.</summary>
    public double Score;

    /// <summary>1 for the first that is asked; 0 while it is not in the plan.</summary>
    public int Rank;
}

/// <summary>How a route's candidates were judged and ordered: the same object answers a dry run and a request.</summary>
/// <param name="InputTokens">The estimate that was decided by.</param>
/// <param name="OutputTokens">The output that was expected.</param>
internal sealed record RouteDecision(Route Route, string Policy, DateTimeOffset At, long InputTokens, long OutputTokens, Verdict[] Verdicts);
