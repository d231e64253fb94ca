using LlmGateway.Catalog;
using LlmGateway.Protocols.OpenAI;
using LlmGateway.Protocols.OpenAI.Answers;

namespace LlmGateway.Caching;

/// <summary>Whether an answer is one to be given again.</summary>
internal static class AnswerRules
{
    /// <summary>A word for why not; null where it is.</summary>
    /// <param name="asked">How many choices the client asked for.</param>
    public static string? WhyNot(in AnswerSummary answer, ExactCacheSettings rules, int asked) =>
        !answer.AllEnded || answer.Choices < asked ? "unfinished"
        : answer.HasRefusal || answer.IsFlagged || answer.EndedBy(FinishReason.ContentFilter) ? "refused"
        : answer.EndedBy(FinishReason.Length) && !rules.Length ? "length"
        : answer.HasToolCalls && !rules.Tools ? "tool_calls"
        : answer is { TextBytes: 0, HasToolCalls: false } ? "empty"
        : null;
}
