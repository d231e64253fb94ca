using LlmGateway.Catalog;
using LlmGateway.Keys;

namespace LlmGateway.Gateway;

/// <summary>What is remembered of an exchange besides decisions and attempts. Names and figures: nothing of a prompt or an answer, and no secret.</summary>
/// <param name="Elapsed">From the first byte of the request to the last of the answer.</param>
/// <param name="Model">What the client asked for; null where its body could not be read.</param>
/// <param name="Route">Its name; null where none was chosen.</param>
/// <param name="CacheNote">Why caches were left aside, or who was answered before.</param>
internal readonly record struct ExchangeFacts(
    Guid OperationId,
    string RequestId,
    DateTimeOffset StartedAt,
    TimeSpan Elapsed,
    TimeSpan? Overhead,
    EndpointKind Endpoint,
    VirtualKey Key,
    string? Model,
    DemandFacts Request,
    string? Route,
    CacheResult Cache,
    string? CacheNote,
    ExchangeSummary Summary)
{
    public static ExchangeFacts Of(Exchange exchange, in ExchangeSummary summary, TimeSpan elapsed) => new(
        exchange.OperationId, exchange.RequestId, exchange.StartedAt, elapsed, exchange.Overhead, exchange.Door, exchange.Key!,
        exchange.Request?.Model, DemandFacts.Of(exchange), exchange.Route, exchange.CacheResult, exchange.CacheNote, summary);
}

/// <summary>What of a request its decision rested on.</summary>
/// <param name="MaxOutput">Largest output that the client allows for one choice; null when it set none.</param>
internal readonly record struct DemandFacts(bool Stream, Capabilities Needs, long? MaxOutput, int Choices)
{
    public static DemandFacts Of(Exchange exchange) => exchange.Request is { } request
        ? new DemandFacts(request.Stream, request.Needs, request.MaxOutput, request.Choices)
        : default;
}
