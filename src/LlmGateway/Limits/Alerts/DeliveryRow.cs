namespace LlmGateway.Limits.Alerts;

/// <summary>A delivery as the table has it; times are Unix milliseconds.</summary>
internal sealed class DeliveryRow
{
    public long Sequence { get; set; }

    public string Id { get; set; } = "";

    public string Hook { get; set; } = "";

    public string Host { get; set; } = "";

    public string Type { get; set; } = "";

    public string Tenant { get; set; } = "";

    public string Payload { get; set; } = "";

    public string Owner { get; set; } = "";

    public string State { get; set; } = "";

    public long Attempts { get; set; }

    public long? Status { get; set; }

    public string? Error { get; set; }

    public long CreatedAt { get; set; }

    public long? NextAt { get; set; }

    public long? KeepUntil { get; set; }

    public static DeliveryRow Of(Delivery delivery) => new()
    {
        Sequence = delivery.Sequence,
        Id = delivery.Id,
        Hook = delivery.Hook,
        Host = delivery.Host,
        Type = delivery.Type,
        Tenant = delivery.Tenant,
        Payload = delivery.Payload,
        Owner = delivery.Owner,
        State = delivery.State,
        Attempts = delivery.Attempts,
        Status = delivery.Status,
        Error = delivery.Error,
        CreatedAt = delivery.CreatedAt.ToUnixTimeMilliseconds(),
        NextAt = delivery.NextAt?.ToUnixTimeMilliseconds(),
        KeepUntil = delivery.KeepUntil?.ToUnixTimeMilliseconds(),
    };

    public Delivery ToDelivery() => new()
    {
        Sequence = Sequence,
        Id = Id,
        Hook = Hook,
        Host = Host,
        Type = Type,
        Tenant = Tenant,
        Payload = Payload,
        Owner = Owner,
        State = State,
        Attempts = (int)Attempts,
        Status = (int?)Status,
        Error = Error,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
        NextAt = Time(NextAt),
        KeepUntil = Time(KeepUntil),
    };

    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } known ? DateTimeOffset.FromUnixTimeMilliseconds(known) : null;
}
