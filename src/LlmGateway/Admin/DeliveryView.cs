using LlmGateway.Limits.Alerts;

namespace LlmGateway.Admin;

/// <summary>What a webhook is told, as the admin API shows it: neither the body nor the address, which may hold a secret.</summary>
/// <param name="Tenant">Null for a try.</param>
/// <param name="State"><c>pending</c>, <c>delivered</c>, <c>gone</c>, <c>expired</c>, or <c>elsewhere</c> where another node has told it.</param>
/// <param name="LastStatus">Null where the last attempt had no answer.</param>
/// <param name="LastError">Why it had none.</param>
/// <param name="NextAt">When it is tried; null for one that has ended.</param>
internal sealed record DeliveryView(
    string Id, string Type, string? Tenant, string Host, string State, int Attempts, int? LastStatus, string? LastError, DateTime CreatedAt, DateTime? NextAt)
{
    public static DeliveryView Of(Delivery delivery) => new(
        delivery.Id, delivery.Type, delivery.Tenant.Length > 0 ? delivery.Tenant : null, delivery.Host, delivery.State, delivery.Attempts,
        delivery.Status, delivery.Error, delivery.CreatedAt.UtcDateTime, delivery.NextAt?.UtcDateTime);
}

/// <summary>One page of deliveries.</summary>
/// <param name="NextCursor">Ask with it for the next page; null at the end.</param>
internal sealed record DeliveryPage(IReadOnlyList<DeliveryView> Data, bool HasMore, string? NextCursor);
