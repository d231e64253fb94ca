using LlmGateway.Catalog;

namespace LlmGateway.Routing;

/// <summary>What was found of one candidate. A struct in one array a decision: a decision allocates once, however much it explains.</summary>
internal struct Verdict
{
    /// <summary>A score behind every other, and still a number that can be written as JSON.</summary>
    public const double Last = double.MaxValue;

    public Candidate Candidate;

    /// <summary>The first of the hard ones; where there is none, the gravest of the soft ones.</summary>
    public Exclusion Exclusion;

    /// <summary>All that is soft, of which <see cref="Exclusion"/> is the gravest: see <see cref="Reason"/>. 0 where something hard excludes it.</summary>
    public uint SoftReasons;

    /// <summary>Its breaker lets nothing through now.</summary>
    public bool BreakerOpen;

    /// <summary>For <see cref="Routing.Exclusion.Capability"/>: what it lacks, or, where soft, what nobody says that it can do.</summary>
    public Capabilities Missing;

    /// <summary>When a passing exclusion is over; default where nobody knows.</summary>
    public DateTimeOffset Until;

    /// <summary>It, its credentials or its quota rest until then, whatever else excludes it; default for now.</summary>
    public DateTimeOffset RestsUntil;

    /// <summary>As a step of the plan it is not asked before then; default for now.</summary>
    public DateTimeOffset NotBefore;

    /// <summary>Share of failures at which its breaker opened, 0 to 1; 0 while it lets attempts through.</summary>
    public double FailureShare;

    /// <summary>Expected cost of the request in the base currency; NaN where it has no price, or no rate of exchange.</summary>
    public double Cost;

    /// <summary>Part of the input that its prompt cache is expected to hold, in tokens.</summary>
    public long CachedTokens;

    /// <summary>Name of the credential whose account holds it; null where it does not matter.</summary>
    public string? Credential;

    /// <summary>What that saves, in the base currency; part of <see cref="Cost"/> already.</summary>
    public double Saving;

    /// <summary>Predicted time to the last token, in seconds; NaN while nothing is known.</summary>
    public double Latency;

    /// <summary>Time of each token behind the first, in seconds; NaN while nothing is known.</summary>
    public double PerToken;

    /// <summary>How long ago its speed was last measured, in seconds; NaN while it never was.</summary>
    public double LatencyAge;

    /// <summary>Smallest share left of any quota, 0 to 1.</summary>
    public double Headroom;

    /// <summary>0 to 1, the operator's judgement; NaN where there is none.</summary>
    public double Quality;

    public int InFlight;

    /// <summary>The part of <see cref="Saving"/> that does not count in an order, since the candidate fills.</summary>
    public double Faded;

    /// <summary>Share of the score that affinity takes off, see <see cref="AffinityBonus"/>; 0 under a policy that scores money.</summary>
    public double Bonus;

    /// <summary>By which candidates are ordered; the lowest is asked first. 0 while it is not in the plan.</summary>
    public double Score;

    /// <summary>What <see cref="Score"/> counts. A byte, as the next one: they fit where the struct was padded.</summary>
    public ScoreUnit Unit;

    /// <summary>It is asked first to measure its speed, and not for its figures.</summary>
    public bool Explored;

    /// <summary>1 for the first that is asked; 0 while it is not in the plan.</summary>
    public int Rank;

    /// <summary>The cost by which it is ordered; NaN as <see cref="Cost"/> is.</summary>
    public readonly double RankedCost => Cost + Faded;

    /// <summary>The part of <see cref="Saving"/> that counted in an order of preference; 0 where no such order was made of it.</summary>
    public readonly double CountedSaving => Rank > 0 && !SoftOrder.Placed(this) ? Saving - Faded : 0;

    /// <summary>The exclusion falls where nobody else is left: it rests on an estimate, or passes with time.</summary>
    public readonly bool IsSoft => SoftReasons != 0;

    /// <summary>A bit in <see cref="SoftReasons"/>.</summary>
    public static uint Reason(Exclusion soft) => 1u << (int)soft;
}
