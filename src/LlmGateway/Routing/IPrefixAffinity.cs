using LlmGateway.Gateway;

namespace LlmGateway.Routing;

/// <summary>Knows which deployment was sent the beginning of a conversation, and so has it in its prompt cache.</summary>
internal interface IPrefixAffinity
{
    /// <summary>
    /// Sets <see cref="Verdict.CachedTokens"/> of each candidate: how much of this request's input its cache probably holds, and
    /// <see cref="Verdict.Credential"/> where a cache belongs to one of several accounts. Asked only for a route with
    /// <c>affinity: prefix</c>; on the hot path, so without needless garbage. What is more than the input is cut to it.
    /// </summary>
    /// <param name="verdicts">One for each of <see cref="RouteRuntime.Candidates"/>, in their order; nothing but the candidate is set yet.</param>
    void Predict(Exchange exchange, RouteRuntime route, Span<Verdict> verdicts);
}
