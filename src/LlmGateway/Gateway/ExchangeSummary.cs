namespace LlmGateway.Gateway;

/// <summary>How an exchange ended, in the words of metrics and logs.</summary>
/// <param name="Status">What the client was answered; 499 when it left before an answer began.</param>
/// <param name="Fault">Whose fault it was.</param>
/// <param name="Error">The code of the error, or null.</param>
internal readonly record struct ExchangeSummary(int Status, Fault Fault, string? Error)
{
    /// <summary>nginx's number for a client that closed its connection; no HTTP status says so.</summary>
    private const int ClientClosedRequest = 499;

    public static ExchangeSummary Of(Exchange exchange)
    {
        if (exchange.Error is { } error)
        {
            return new ExchangeSummary(error.Status, error.Fault, error.Code ?? error.Type);
        }

        var response = exchange.Http.Response;
        if (exchange.ClientLeft && !exchange.Completed)
        {
            return new ExchangeSummary(response.HasStarted ? response.StatusCode : ClientClosedRequest, Fault.Caller, "client_left");
        }

        return exchange.Broken is { } broken
            ? new ExchangeSummary(response.StatusCode, broken is GatewayErrors.StoppingCode ? Fault.Gateway : Fault.Provider, broken)
            : new ExchangeSummary(response.StatusCode, Fault.None, null);
    }
}
