namespace LlmGateway.Reports.Focus;

/// <summary>The ledger at one instant, of which days are read one after the other.</summary>
internal interface IFocusDays : IAsyncDisposable
{
    /// <summary>The instant before which retention has removed rows; null where it has removed none.</summary>
    Task<string?> KeptFromAsync(CancellationToken cancellation);

    /// <summary>The sum of the one figure that is asked for.</summary>
    Task<long> CountAsync(UsageQuery query, CancellationToken cancellation);

    /// <summary>To be read to its end, and disposed of, before the next.</summary>
    Task<UsageReading> ReadAsync(UsageQuery query, CancellationToken cancellation);
}
