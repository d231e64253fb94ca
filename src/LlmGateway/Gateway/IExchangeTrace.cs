namespace LlmGateway.Gateway;

/// <summary>Remembers the last exchanges: what was decided for each, and what came of it. Thread-safe.</summary>
internal interface IExchangeTrace
{
    /// <summary>
    /// Keeps the exchange, in the place of the oldest one. One that was refused before its key was known is not kept:
    /// a flood of guesses would leave nothing else.
    /// </summary>
    void Record(Exchange exchange, in ExchangeSummary summary, TimeSpan elapsed);

    /// <summary>The exchange of that operation id, else the latest of that request id; null where it is not kept, or no more.</summary>
    ExchangeRecord? Find(string id);

    /// <summary>The last exchanges, the newest first.</summary>
    IEnumerable<ExchangeRecord> Last(int most);
}
