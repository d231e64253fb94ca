namespace LlmGateway.Gateway;

/// <summary>Holds what a call that no client asked for may come to, in the limits and budgets of who pays.</summary>
internal interface IAsideAdmission
{
    /// <summary>Tokens and money, at every level or at none; its key, plan and request must be known. An error where there is no room.</summary>
    ValueTask<GatewayError?> HoldAsync(Exchange exchange);
}
