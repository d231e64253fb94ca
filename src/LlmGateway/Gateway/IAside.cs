namespace LlmGateway.Gateway;

/// <summary>Asks deployments of the catalog for what no client asked for: a vector of a text, a verdict on an answer.</summary>
internal interface IAside
{
    /// <summary>
    /// One attempt at one deployment, and all that goes with an attempt: price, intent and row, credential, breaker and quota, the limits and budgets
    /// of who pays, and an end when the gateway stops. It is an operation of its own, and no request of the client: limits on the number of requests
    /// do not count it. Never throws: whatever goes wrong is an <see cref="AsideFault"/>.
    /// </summary>
    /// <param name="cancellation">The answer is not wanted any more.</param>
    ValueTask<AsideAnswer> AskAsync(AsideCall call, CancellationToken cancellation);
}
