namespace LlmGateway.Reports.Closing;

/// <summary>Attempts of this process that have no row in the database yet.</summary>
internal interface IRowsUnderWay
{
    /// <summary>Those that began within a time.</summary>
    int InFlight(DateTimeOffset from, DateTimeOffset to);
}
