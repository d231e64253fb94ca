using LlmGateway.Caching.Entries;
using LlmGateway.Catalog;

namespace LlmGateway.Caching.Semantic;

/// <summary>Says whether an answer that was found would have done, as the route wants that to be found out.</summary>
/// <param name="judge">Null where no model can be asked.</param>
internal sealed class AnswerComparison(IJudge? judge = null)
{
    /// <summary>True for right, false for wrong, null where it cannot be told. It may throw.</summary>
    public async ValueTask<bool?> SameAsync(SemanticQuestion question, SemanticEntry found, CacheEntry foundAnswer, CacheEntry real, CancellationToken cancellation)
    {
        if (AnswerText.Of(foundAnswer.Document) is not { } stored || AnswerText.Of(real.Document) is not { } said)
        {
            return null;
        }

        var route = question.Route;
        return route.Settings.Label is SemanticLabel.Judge
            ? judge is null ? null : await judge.SameAsync(
                new JudgeCase(route.Route, route.Settings.Judge, question.Asker, question.Facts.Text, said, found.Text, stored), cancellation)
            : await AnswerLikeness.SameAsync(said, stored, route.Embedder!, question.Asker.Context, cancellation);
    }
}
