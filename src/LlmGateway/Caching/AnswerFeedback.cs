using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic;
using LlmGateway.Gateway;

namespace LlmGateway.Caching;

/// <summary>Forgets answers that somebody says were wrong, whichever way they were found.</summary>
internal sealed class AnswerFeedback(RecentAnswers recent, IEntryStore store, ISemanticCache semantic) : IAnswerFeedback
{
    /// <inheritdoc/>
    public bool Wrong(string tenant, string id)
    {
        var found = recent.TryFind(tenant, id, out var key);
        if (found)
        {
            store.Remove(key);
        }

        return semantic.Forget(tenant, id) || found;
    }
}
