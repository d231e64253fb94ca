namespace LlmGateway.Routing;

/// <summary>
/// The time to the last token. Of a deployment that has not streamed yet, only the time to the first one is known: the flow of the others is
/// the best guess, and none at all would make it the fastest of all.
/// </summary>
internal static class PredictedLatency
{
    /// <param name="verdicts">Their latency is that of the first token as yet.</param>
    /// <param name="output">Tokens that are expected.</param>
    public static void Complete(Span<Verdict> verdicts, long output)
    {
        if (output <= 0)
        {
            return;
        }

        var (sum, known) = (0d, 0);
        foreach (ref var verdict in verdicts)
        {
            if (!double.IsNaN(verdict.PerToken))
            {
                sum += verdict.PerToken;
                known++;
            }
        }

        // The first token is there already: alone, it needs no flow.
        var guess = output == 1 ? 0 : known > 0 ? sum / known : double.NaN;
        foreach (ref var verdict in verdicts)
        {
            verdict.Latency += output * (double.IsNaN(verdict.PerToken) ? guess : verdict.PerToken);
        }
    }
}
