using LlmGateway.Simulator.Reading;
using LlmGateway.Simulator.Wire;

namespace LlmGateway.Simulator.Answers;

/// <summary>Makes the answer to a request out of nothing but the request and a seed, so that the same request has the same answer.</summary>
internal static class AnswerComposer
{
    private const int QuotedBytes = 60;
    private const int SentenceWords = 12;

    /// <param name="request">What was asked.</param>
    /// <param name="seed">The seed of this choice.</param>
    /// <param name="wanted">Tokens that the answer has of its own accord; where it stops by itself.</param>
    /// <param name="reasoningTokens">Tokens spent before it.</param>
    /// <param name="showReasoning">Whether the client gets to see those.</param>
    public static Answer Compose(GenerationRequest request, ulong seed, int wanted, int reasoningTokens, bool showReasoning)
    {
        int limit = request.MaxTokens ?? int.MaxValue;
        int reasoning = Math.Min(reasoningTokens, limit);
        TokenText? shown = showReasoning && reasoning > 0 ? Fill(new TokenText(), Hash64.Mix(seed ^ 7), reasoning) : null;
        limit -= reasoning;
        if (!request.Tools.IsEmpty && !request.LastIsTool && ToolCallComposer.Compose(request, seed, limit) is { } calls)
        {
            return new Answer
            {
                Text = new TokenText(),
                ShownReasoning = shown,
                ReasoningTokens = reasoning,
                Calls = calls.Calls,
                FinishReason = calls.Complete ? "tool_calls" : "length",
            };
        }

        var text = new TokenText();
        bool complete;
        if (!request.ResponseFormat.IsEmpty && JsonAnswer.TryWrite(request.ResponseFormat) is { } json)
        {
            using (json)
            {
                complete = text.AddPieces(json.Span, 4, limit);
            }
        }
        else
        {
            complete = wanted <= limit;
            Speak(text, request, seed, Math.Min(wanted, limit));
        }

        bool stopped = request.Stop is not null && text.CutAt(request.Stop);
        return new Answer { Text = text, ShownReasoning = shown, ReasoningTokens = reasoning, FinishReason = complete || stopped ? "stop" : "length" };
    }

    private static void Speak(TokenText text, GenerationRequest request, ulong seed, int tokens)
    {
        ReadOnlySpan<byte> said = request.Prompt.Span[request.Prompt.LastUser].Trim(" \t\r\n"u8);
        if (!said.IsEmpty)
        {
            AddUpTo(text, "You"u8, tokens);
            AddUpTo(text, " said"u8, tokens);
            AddUpTo(text, ": \""u8, tokens);
            Quote(text, said, tokens);
            AddUpTo(text, "\"."u8, tokens);
        }

        Fill(text, seed, tokens);
    }

    /// <summary>The beginning of what was said, a token a word; long words go in pieces.</summary>
    private static void Quote(TokenText text, ReadOnlySpan<byte> said, int tokens)
    {
        if (said.Length > QuotedBytes)
        {
            int end = QuotedBytes;
            while (end > 0 && (said[end] & 0xC0) == 0x80)
            {
                end--;
            }

            said = said[..end];
        }

        while (!said.IsEmpty)
        {
            int space = said[1..].IndexOf((byte)' ');
            int end = space < 0 ? said.Length : space + 1;
            text.AddPieces(said[..end], 12, tokens);
            said = said[end..];
        }
    }

    private static TokenText Fill(TokenText text, ulong seed, int tokens)
    {
        for (int word = 1; text.Count < tokens; word++)
        {
            seed = Hash64.Mix(seed);
            bool period = word % SentenceWords == 0 || text.Count == tokens - 1;
            text.Add(period ? "."u8 : Words.Pick(seed));
        }

        return text;
    }

    private static void AddUpTo(TokenText text, ReadOnlySpan<byte> token, int limit)
    {
        if (text.Count < limit)
        {
            text.Add(token);
        }
    }
}
