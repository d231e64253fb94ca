namespace LlmGateway.Admin;

/// <summary>Counters and states of one node at one moment. Two of them tell rates.</summary>
/// <param name="StartedAt">When the process began to count.</param>
/// <param name="CpuSeconds">Processor time since then.</param>
/// <param name="MemoryBytes">Working set.</param>
/// <param name="LedgerQueue">Rows that wait for a commit.</param>
/// <param name="ConfigRefused">The files on disk have errors.</param>
/// <param name="Dependencies">Whether each that is configured answers.</param>
/// <param name="Overhead">Time that the gateway added before answers began.</param>
/// <param name="Spend">Cost since the start.</param>
internal sealed record LiveView(
    DateTime At,
    string Node,
    DateTime StartedAt,
    double CpuSeconds,
    long MemoryBytes,
    long LedgerQueue,
    bool ConfigRefused,
    IReadOnlyDictionary<string, bool> Dependencies,
    LiveHistogram Overhead,
    IReadOnlyList<LiveRoute> Routes,
    IReadOnlyList<LiveDeployment> Deployments,
    IReadOnlyList<LiveSpend> Spend);

/// <summary>A route since the start of the process.</summary>
/// <param name="Spoilt">Requests that a provider or the gateway spoilt.</param>
/// <param name="Refused">Requests that the caller or a policy is at fault for.</param>
/// <param name="CacheAnswers">Requests that caches answered.</param>
/// <param name="Usable">Deployments that take traffic now.</param>
/// <param name="Deployments">How many it has.</param>
/// <param name="FirstToken">Time to the first token of streams.</param>
internal sealed record LiveRoute(
    string Name, long Requests, long Spoilt, long Refused, long CacheAnswers, int InFlight, int Usable, int Deployments, LiveHistogram FirstToken);

/// <summary>A deployment since the start of the process.</summary>
/// <param name="State"><c>closed</c>, <c>half_open</c>, <c>open</c> or <c>off</c>.</param>
/// <param name="Failures">Attempts that neither succeeded nor were cancelled.</param>
/// <param name="Headroom">Smallest share of a quota that is left, 0 to 1.</param>
internal sealed record LiveDeployment(string Name, string State, long Attempts, long Failures, int InFlight, double Headroom, LiveHistogram FirstToken);

/// <summary>What a tenant spent in one currency since the start of the process.</summary>
internal sealed record LiveSpend(string Tenant, string Currency, double Amount);

/// <summary>Counts of a histogram: how many measurements were at most each bound.</summary>
/// <param name="Bounds">In seconds; the last one, the largest of all numbers, is that of everything.</param>
/// <param name="Counts">As many, adding up.</param>
internal sealed record LiveHistogram(IReadOnlyList<double> Bounds, IReadOnlyList<long> Counts)
{
    public static readonly LiveHistogram Empty = new([], []);

    public long Count => Counts.Count == 0 ? 0 : Counts[^1];

    /// <summary>What has come since an earlier reading.</summary>
    public LiveHistogram Since(LiveHistogram before) => before.Counts.Count != Counts.Count
        ? this
        : new LiveHistogram(Bounds, [.. Counts.Zip(before.Counts, static (now, then) => Math.Max(0, now - then))]);

    /// <summary>The value that so many of all are at most, straight between the bounds around it; null where there is none.</summary>
    public double? Quantile(double share)
    {
        var wanted = share * Count;
        for (var i = 0; i < Counts.Count && Count > 0; i++)
        {
            if (Counts[i] >= wanted)
            {
                var (from, below) = i == 0 ? (0, 0) : (Bounds[i - 1], Counts[i - 1]);
                return Bounds[i] < double.MaxValue && Counts[i] > below ? from + ((Bounds[i] - from) * (wanted - below) / (Counts[i] - below)) : from;
            }
        }

        return null;
    }
}
