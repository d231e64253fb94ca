namespace LlmGateway.Limits.Alerts;

/// <summary>What one webhook is told of one event, as it stands in the queue.</summary>
internal sealed record Delivery
{
    /// <summary>Order of creation.</summary>
    public long Sequence { get; init; }

    /// <summary>The <c>webhook-id</c>: the same however often it is sent, and from whichever node.</summary>
    public required string Id { get; init; }

    /// <summary>Which webhook, by its id.</summary>
    public required string Hook { get; init; }

    /// <summary>Where that is, for people.</summary>
    public required string Host { get; init; }

    public required string Type { get; init; }

    public required string Tenant { get; init; }

    /// <summary>The body, sent as it is here: the signature is over these bytes.</summary>
    public required string Payload { get; init; }

    /// <summary>Names this row among those that other nodes have of the same event.</summary>
    public required string Owner { get; init; }

    public string State { get; init; } = DeliveryState.Pending;

    public int Attempts { get; init; }

    /// <summary>Of the last answer; null where there was none.</summary>
    public int? Status { get; init; }

    /// <summary>Why there was no answer.</summary>
    public string? Error { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is tried; null for one that has ended.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>From then on nothing would raise the event again; null for never.</summary>
    public DateTimeOffset? KeepUntil { get; init; }
}

/// <summary>How far a delivery is.</summary>
internal static class DeliveryState
{
    public const string Pending = "pending";

    /// <summary>The receiver has said that it has it.</summary>
    public const string Delivered = "delivered";

    /// <summary>The receiver has said that it wants no more.</summary>
    public const string Gone = "gone";

    /// <summary>For too long nobody has said anything of the kind.</summary>
    public const string Expired = "expired";

    /// <summary>Another node had the same event, and saw to it.</summary>
    public const string Elsewhere = "elsewhere";

    public static readonly string[] All = [Pending, Delivered, Gone, Expired, Elsewhere];
}
