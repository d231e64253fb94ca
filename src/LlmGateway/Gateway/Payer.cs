namespace LlmGateway.Gateway;

/// <summary>To whom a call is booked that no client asked for, as it is remembered after the exchange that gave rise to it.</summary>
/// <param name="KeyId">Of the virtual key.</param>
/// <param name="Route">Whose request gave rise to it; null for none.</param>
/// <param name="User">The end user; null where nobody said.</param>
/// <param name="Tags">One JSON object; empty for none. Budgets may count by them.</param>
internal sealed record Payer(string Tenant, string Project, string KeyId, string? Route = null, string? User = null, string Tags = "");
