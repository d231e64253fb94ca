namespace LlmGateway.Gateway;

/// <summary>Names of our headers, as the contract spells them.</summary>
internal static class GatewayHeaders
{
    public const string RequestId = "x-request-id";
    public const string AnthropicRequestId = "request-id";
    public const string OperationId = "x-gateway-operation-id";
    public const string Deployment = "x-gateway-deployment";
    public const string Attempts = "x-gateway-attempts";
    public const string Cache = "x-gateway-cache";
    public const string CacheTtl = "x-gateway-cache-ttl";
    public const string Cost = "x-gateway-cost";
    public const string BudgetLeft = "x-gateway-budget-left";
    public const string Degraded = "x-gateway-degraded";
    public const string OverheadMilliseconds = "x-gateway-overhead-ms";
    public const string Warning = "x-gateway-warning";
    public const string Policy = "x-gateway-policy";
    public const string MaxCost = "x-gateway-max-cost";
    public const string ShouldRetry = "x-should-retry";
}
