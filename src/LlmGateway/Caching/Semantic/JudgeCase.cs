using LlmGateway.Catalog;

namespace LlmGateway.Caching.Semantic;

/// <summary>What a judge is asked.</summary>
/// <param name="Route">As it was when the question came.</param>
/// <param name="Judge">Who is to be asked; null where none is configured.</param>
/// <param name="Asker">To whom it is booked.</param>
/// <param name="Question">What was asked.</param>
/// <param name="Answer">What a provider has said to it.</param>
/// <param name="StoredQuestion">What had been asked before, and seems to mean the same.</param>
/// <param name="StoredAnswer">What a provider had said to that.</param>
internal sealed record JudgeCase(
    Route Route, Deployment? Judge, SemanticAsker Asker, string Question, string Answer, string StoredQuestion, string StoredAnswer);
