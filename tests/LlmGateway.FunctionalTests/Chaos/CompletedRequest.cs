namespace LlmGateway.FunctionalTests.Chaos;

/// <summary>A request whose answer a client has seen to its end.</summary>
/// <param name="RequestId">As the client chose it.</param>
/// <param name="OperationId">As the gateway called it.</param>
/// <param name="Milliseconds">From the first try to the last byte.</param>
/// <param name="FinishedAt">On the monotonic clock, in milliseconds.</param>
internal sealed record CompletedRequest(string RequestId, Guid OperationId, long InputTokens, long OutputTokens, double Milliseconds, long FinishedAt);

/// <summary>A request that did not end with a whole answer.</summary>
/// <param name="Node">Who had it.</param>
/// <param name="Status">Null where no answer came, or one that broke off.</param>
/// <param name="StartedAt">On the monotonic clock, in milliseconds.</param>
/// <param name="Reason">What the client saw.</param>
internal sealed record FailedRequest(string RequestId, string Node, int? Status, long StartedAt, long FinishedAt, string Reason);
