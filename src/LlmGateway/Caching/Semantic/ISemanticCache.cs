using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Requests;

namespace LlmGateway.Caching.Semantic;

/// <summary>Finds answers to requests that mean the same, and learns by every real answer how far it may be trusted.</summary>
internal interface ISemanticCache
{
    /// <summary>
    /// On an exact miss, before a provider is asked. Null where the route has it off or the request is not for it (each reason counted). Whatever goes
    /// wrong in it is a miss: it throws nothing.
    /// </summary>
    ValueTask<SemanticLookup?> LookUpAsync(Exchange exchange, Route route, CanonicalRequest canonical, CancellationToken cancellation);

    /// <summary>
    /// Negative feedback, or a purge of one answer: its entry answers nothing by meaning any more. By the operation id or request id of who was answered.
    /// </summary>
    /// <returns>Whether there was one.</returns>
    bool Forget(string tenant, string requestId);
}
