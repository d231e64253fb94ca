using LlmGateway.LoadTests.Http;
using LlmGateway.LoadTests.Processes;

namespace LlmGateway.LoadTests.Scenarios;

/// <summary>Sends one request of each kind to each target before any load, so that a wrong key or model is one clear message.</summary>
internal static class Probe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="LoadTestException">A target does not answer as it should.</exception>
    public static async Task AllAsync(TestBed bed, RunOptions options, CancellationToken cancellationToken)
    {
        foreach (var target in bed.Targets)
        {
            await SendAsync(bed, target, ChatRequest.For(target, options.AnswerTokens, streamed: false), cancellationToken);
            await SendAsync(bed, target, ChatRequest.For(bed.Streamed(target), maxTokens: 2, streamed: true), cancellationToken);
        }
    }

    private static async Task SendAsync(TestBed bed, Target target, ChatRequest request, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var client = new ChatClient(request);
        var answer = new Answer();
        var failure = await client.SendAsync(answer, patience.Token);
        if (failure != Failure.None)
        {
            throw new LoadTestException(
                $"The {target.Name} at {target.Url} failed the first {(request.Streamed ? "stream" : "request")}: {failure}, "
                + $"status {answer.Status}, {answer.Excerpt}\nIts last output:\n{bed.LastOutput(target.Name)}");
        }
    }
}
