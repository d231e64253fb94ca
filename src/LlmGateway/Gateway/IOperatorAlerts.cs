namespace LlmGateway.Gateway;

/// <summary>Tells webhooks of what is not about a budget.</summary>
internal interface IOperatorAlerts
{
    /// <summary>Queues it for the webhooks that want it. Throws nothing, and no request waits for it.</summary>
    void Tell(OperatorAlert alert);
}

/// <summary>Something that an operator wants to know of at once.</summary>
/// <param name="Type">One of <see cref="Catalog.AlertTypes"/>.</param>
/// <param name="Tenant">Whom it is about; empty for all.</param>
/// <param name="Route">Which route; empty for none.</param>
/// <param name="Part">Of the route, or the provider that it is about; null for all of it.</param>
/// <param name="Message">In a sentence.</param>
internal sealed record OperatorAlert(string Type, string Tenant, string Route, string? Part, string Message, DateTimeOffset At);
