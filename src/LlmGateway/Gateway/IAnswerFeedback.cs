namespace LlmGateway.Gateway;

/// <summary>Hears of answers that were wrong.</summary>
internal interface IAnswerFeedback
{
    /// <summary>What is kept of that answer is given to nobody any more.</summary>
    /// <param name="tenant">Whose answer it was: nobody makes another tenant's forgotten.</param>
    /// <param name="id">The request id that its client knows it by.</param>
    /// <returns>Whether something was kept of it, as far as this node remembers.</returns>
    bool Wrong(string tenant, string id);
}
