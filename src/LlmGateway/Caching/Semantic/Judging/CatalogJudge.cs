using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Upstream;

namespace LlmGateway.Caching.Semantic.Judging;

/// <summary>Asks a deployment of the catalog. As with an embedder, texts of a tenant leave the gateway only where the tenant has consented.</summary>
internal sealed class CatalogJudge(IAside aside, ISnapshotSource snapshots) : IJudge
{
    /// <summary>Less than a comparison may take as a whole.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>Of each text. One that is cut cannot be judged.</summary>
    public const int MostCharacters = 8000;

    /// <summary>Tokens: a word, and what some models put around it.</summary>
    private const long MostOutput = 16;

    public async ValueTask<bool?> SameAsync(JudgeCase @case, CancellationToken cancellation)
    {
        if (@case.Judge is not { } judge || IsTooLong(@case)
            || snapshots.Current.Tenants.GetValueOrDefault(@case.Asker.Tenant) is not { SemanticConsent: true })
        {
            return null;
        }

        var answer = await aside.AskAsync(
            new AsideCall
            {
                Deployment = judge,
                Endpoint = EndpointKind.ChatCompletions,
                Body = JudgePrompt.Of(judge.Name, @case),
                Cause = AttemptCause.Evaluation,
                Payer = @case.Asker.Payer,
                Deadline = Deadline,
                MaxOutput = MostOutput,
            },
            cancellation);
        return answer.Fault is AsideFault.None && AnswerText.Of(answer.Body) is { } said ? YesOrNo.Read(said) : null;
    }

    private static bool IsTooLong(JudgeCase @case) =>
        Math.Max(Math.Max(@case.Question.Length, @case.Answer.Length), Math.Max(@case.StoredQuestion.Length, @case.StoredAnswer.Length)) > MostCharacters;
}
