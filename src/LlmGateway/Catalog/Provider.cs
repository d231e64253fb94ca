namespace LlmGateway.Catalog;

/// <summary>Limits on the phases of one attempt.</summary>
/// <param name="Connect">TCP and TLS set-up.</param>
/// <param name="FirstEvent">From sending the request to the first event, or to the complete body of an answer that is not streamed.</param>
/// <param name="Idle">Between two reads that brought bytes; comments count.</param>
/// <param name="Total">From the start to the end of the attempt.</param>
internal sealed record Timeouts(TimeSpan Connect, TimeSpan FirstEvent, TimeSpan Idle, TimeSpan Total)
{
    public static readonly Timeouts Default =
        new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10));
}

/// <summary>One key of a vendor account. <paramref name="Name"/> is safe to show (<c>deepseek#1</c>).</summary>
internal sealed record Credential(string Name, Secret Key, int Weight);

/// <summary>A vendor account behind one base URL.</summary>
internal sealed record Provider
{
    public required string Name { get; init; }

    public required Dialect Dialect { get; init; }

    /// <summary>Which vendor's habits apply (<c>deepseek</c>, <c>azure</c>); null for none.</summary>
    public string? Profile { get; init; }

    /// <summary>Where requests go, without a trailing slash; null for the simulator in process, whose port is known only once it listens.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary><c>base_url: builtin</c>: the simulator in process.</summary>
    public bool Builtin => BaseUrl is null;

    public string? Region { get; init; }

    /// <summary>Usable keys: an entry whose secret resolved to nothing is left out.</summary>
    public IReadOnlyList<Credential> Credentials { get; init; } = [];

    /// <summary>False for <c>credentials: none</c> and for the simulator in process.</summary>
    public bool NeedsCredential { get; init; }

    public Timeouts Timeouts { get; init; } = Timeouts.Default;

    /// <summary>It can be called: it needs no credential, or has one.</summary>
    public bool Usable => !NeedsCredential || Credentials.Count > 0;
}
