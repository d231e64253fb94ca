using LlmGateway.Gateway;
using LlmGateway.Protocols.Usage;
using LlmGateway.Upstream;

namespace LlmGateway.Metering;

/// <summary>Counts the tokens of an attempt for which the provider reported none.</summary>
internal sealed class Estimator(TokenCounter counter)
{
    /// <summary>
    /// Where only the size of a text is known. English comes to about four bytes of UTF-8 a token, and so does Chinese (three bytes a
    /// character, three tokens for four characters); code and other scripts are up to a third off.
    /// </summary>
    private const int BytesPerToken = 4;

    /// <summary>
    /// What OpenAI's chat format puts around a message, and once before the answer (its cookbook's rule for models since gpt-3.5-turbo-0613).
    /// The role itself is text of the request and counted with it.
    /// </summary>
    private const int TokensPerMessage = 3, TokensBeforeAnswer = 3;

    /// <summary>The rule of thumb where the text is gone: after a crash, or when the tokenizer cannot be used.</summary>
    /// <param name="inputEstimate">Tokens of the request, as the room of requests estimated them.</param>
    /// <param name="receivedTextBytes">Text of the answer that had arrived, in UTF-8 bytes.</param>
    public static TokenUsage FromBytes(long inputEstimate, long receivedTextBytes) =>
        new(Math.Max(inputEstimate, 0), 0, 0, TokensOfBytes(receivedTextBytes), 0);

    /// <summary>Rounded up: text of one byte is one token.</summary>
    public static long TokensOfBytes(long bytes) => bytes <= 0 ? 0 : (bytes - 1) / BytesPerToken + 1;

    /// <summary>Input from the text of the request, output from the text received. An embedding has no output.</summary>
    public async ValueTask<TokenUsage> EstimateAsync(Exchange exchange, Attempt attempt)
    {
        var input = await InputAsync(exchange).ConfigureAwait(false);
        var output = exchange.Endpoint is EndpointKind.Embeddings
            ? 0
            : await counter.CountAsync(attempt.ReceivedText, Math.Max(attempt.ReceivedTextBytes, attempt.ReceivedText.Length)).ConfigureAwait(false);
        return new TokenUsage(input, 0, 0, output, 0);
    }

    private async ValueTask<long> InputAsync(Exchange exchange)
    {
        if (exchange.Request is not { } request)
        {
            return 0;
        }

        using var text = new BoundedTextWriter(TokenCounter.MaxBytes);
        request.CopyText(text);
        var tokens = await counter.CountAsync(text.Kept, text.TotalBytes).ConfigureAwait(false);
        return exchange.Endpoint is EndpointKind.ChatCompletions
            ? tokens + (long)MessageCount.Of(request.Body.Span) * TokensPerMessage + TokensBeforeAnswer
            : tokens;
    }
}
