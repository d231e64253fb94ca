namespace LlmGateway.Limits;

/// <summary>How limits and budgets are kept. What an operator sets is in the Snapshot; these are the same for all.</summary>
internal sealed class LimitOptions
{
    /// <summary>How long what is held stays held when nobody is heard of it. The node prolongs it every third of that.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>After which a call to Redis is late.</summary>
    public TimeSpan RedisTimeout { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How long a request waits for a Redis of which nothing is heard. Then it is away, for all requests of this node: as long as it is taken to be
    /// there its answer decides, late as it may be, since others go by the whole meanwhile.
    /// </summary>
    public TimeSpan RedisSilence => RedisFailures * RedisTimeout;

    /// <summary>How long a request waits for a Redis that answers others: until its call is sent, and then for the answer.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long what no request waits for may take there.</summary>
    public TimeSpan BackgroundTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After so many calls that failed, one after the other, Redis is left alone; and when nothing was heard for as long as these would take in turn.</summary>
    public int RedisFailures { get; init; } = 3;

    /// <summary>How often it is asked then whether it is back.</summary>
    public TimeSpan Probe { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often a node says that it is there, and looks at the accounts that it uses.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After this a node that is not heard of has no share.</summary>
    public TimeSpan NodeGone { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the ledger may take to say what an account has taken.</summary>
    public TimeSpan HistoryTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long Redis remembers that a reservation was settled, for a node that did not hear so.</summary>
    public TimeSpan Memory { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many settlements wait for Redis; what comes after those is summed up by account.</summary>
    public int MostUnsettled { get; init; } = 100_000;

    /// <summary>How often the periods of budgets are compared with the ledger.</summary>
    public TimeSpan LedgerLook { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What was in the ledger for so long is in budgets too, or was lost on its way there.</summary>
    public TimeSpan LedgerLag { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long what a node saw spent before Redis lost its memory counts, though nobody brings it and the ledger has no rows for it: it may have been
    /// counted twice when it was seen.
    /// </summary>
    public TimeSpan SeenFor { get; init; } = TimeSpan.FromMinutes(10);
}
