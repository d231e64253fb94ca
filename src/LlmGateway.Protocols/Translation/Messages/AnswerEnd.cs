using System.Text.Json;
using LlmGateway.Protocols.OpenAI;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Why an answer ended and what it took, as Messages has it.</summary>
internal static class AnswerEnd
{
    /// <summary>The provider broke off: there is no reason for that, only an error.</summary>
    public static bool IsBroken(AnswerFacts facts) => facts.Finish is FinishReason.Error or FinishReason.Overloaded;

    public static ReadOnlySpan<byte> StopReason(AnswerFacts facts, bool refused, bool hasTools)
    {
        if (refused || facts.Finish is FinishReason.ContentFilter)
            return "refusal"u8;
        if (facts.Finish is FinishReason.Length)
            return facts.WindowExceeded ? "model_context_window_exceeded"u8 : "max_tokens"u8;

        // By what is there: some providers say `stop` after calls, and a client that waits for results of no call would wait for ever.
        if (hasTools)
            return "tool_use"u8;
        return facts.StopSequence is null ? "end_turn"u8 : "stop_sequence"u8;
    }

    /// <summary>Writes the members that say why: a stream has them in <c>delta</c>, a message at its top.</summary>
    public static void WriteReason(Utf8JsonWriter writer, AnswerFacts facts, bool refused, bool hasTools)
    {
        var reason = StopReason(facts, refused, hasTools);
        writer.WriteString("stop_reason"u8, reason);
        writer.WriteString("stop_sequence"u8, reason.SequenceEqual("stop_sequence"u8) ? facts.StopSequence : null);
        writer.WriteNull("stop_details"u8);
        writer.WriteNull("container"u8);
    }

    /// <summary>Writes <c>usage</c>. Input counts what no cache was asked for, unlike the chat dialect's prompt.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="facts">Of the answer.</param>
    /// <param name="isDelta">In a stream's <c>message_delta</c>, where null stands for what nobody told; elsewhere the counts must be numbers.</param>
    public static void WriteUsage(Utf8JsonWriter writer, AnswerFacts facts, bool isDelta)
    {
        var isUnknown = isDelta && facts.Usage is null;
        var usage = facts.Usage ?? default;
        writer.WriteStartObject("usage"u8);
        WriteCount(writer, "input_tokens"u8, isUnknown ? null : usage.FreshInputTokens);
        WriteCount(writer, "cache_creation_input_tokens"u8, isUnknown ? null : usage.CacheWriteTokens);
        WriteCount(writer, "cache_read_input_tokens"u8, isUnknown ? null : usage.CachedInputTokens);
        writer.WriteNumber("output_tokens"u8, usage.OutputTokens);
        if (usage.ReasoningTokens > 0)
        {
            writer.WriteStartObject("output_tokens_details"u8);
            writer.WriteNumber("thinking_tokens"u8, usage.ReasoningTokens);
            writer.WriteEndObject();
        }

        if (!isDelta)
            writer.WriteString("service_tier"u8, TierOf(facts.Tier));
        writer.WriteEndObject();
    }

    private static void WriteCount(Utf8JsonWriter writer, ReadOnlySpan<byte> name, long? count)
    {
        if (count is { } value)
            writer.WriteNumber(name, value);
        else
            writer.WriteNull(name);
    }

    // A closed set; null for others.
    private static string? TierOf(string? tier) => tier switch
    {
        "default" or "standard" => "standard",
        "priority" or "fast" => "priority",
        _ => null,
    };
}
