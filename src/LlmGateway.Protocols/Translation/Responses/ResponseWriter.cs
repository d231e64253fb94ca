using System.Text.Json;
using LlmGateway.Protocols.OpenAI;
using LlmGateway.Protocols.Usage;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>Writes the response itself: as it begins, and as it has ended.</summary>
internal static class ResponseWriter
{
    /// <summary>The status of an answer that ended without a failure.</summary>
    public static ReadOnlySpan<byte> StatusOf(FinishReason finish) =>
        finish is FinishReason.Length or FinishReason.ContentFilter ? "incomplete"u8 : "completed"u8;

    /// <param name="json">Receives one object.</param>
    /// <param name="head">What the provider said of the answer.</param>
    /// <param name="echo">What the request said.</param>
    /// <param name="status">One of the API's.</param>
    /// <param name="output">The items, as JSON with commas between.</param>
    /// <param name="finish">Why it ended.</param>
    /// <param name="usage">Null where nobody told.</param>
    /// <param name="failure">Null for none.</param>
    public static void Write(
        Utf8JsonWriter json, AnswerHead head, ResponsesEcho echo, ReadOnlySpan<byte> status, ReadOnlySpan<byte> output = default,
        FinishReason finish = default, TokenUsage? usage = null, ResponseFailure? failure = null)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, $"resp_{head.Suffix}");
        json.WriteString("object"u8, "response"u8);
        json.WriteNumber("created_at"u8, head.Created);
        json.WriteString("status"u8, status);
        WriteFailure(json, failure);
        WriteIncomplete(json, status.SequenceEqual("incomplete"u8) ? finish : default);
        json.WritePropertyName("model"u8);
        json.WriteRawValue(head.Model.Length > 0 ? head.Model : echo.Model.Span, skipInputValidation: true);
        json.WritePropertyName("output"u8);
        RawArray.Write(json, output);
        json.WriteNull("previous_response_id"u8);
        json.WriteBoolean("store"u8, false);
        json.WriteString("truncation"u8, "disabled"u8);
        echo.Write(json);
        if (head.ServiceTier.Length > 0)
        {
            json.WritePropertyName("service_tier"u8);
            json.WriteRawValue(head.ServiceTier, skipInputValidation: true);
        }

        WriteUsage(json, usage);
        json.WriteEndObject();
    }

    private static void WriteFailure(Utf8JsonWriter json, ResponseFailure? failure)
    {
        if (failure is not { } told)
        {
            json.WriteNull("error"u8);
            return;
        }

        json.WriteStartObject("error"u8);
        json.WriteString("code"u8, told.ResponseCode);
        json.WriteString("message"u8, told.Message);
        json.WriteEndObject();
    }

    private static void WriteIncomplete(Utf8JsonWriter json, FinishReason finish)
    {
        if (finish is FinishReason.None)
        {
            json.WriteNull("incomplete_details"u8);
            return;
        }

        json.WriteStartObject("incomplete_details"u8);
        json.WriteString("reason"u8, finish is FinishReason.Length ? "max_output_tokens"u8 : "content_filter"u8);
        json.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter json, TokenUsage? usage)
    {
        if (usage is not { } used)
        {
            json.WriteNull("usage"u8);
            return;
        }

        json.WriteStartObject("usage"u8);
        json.WriteNumber("input_tokens"u8, used.InputTokens);
        json.WriteStartObject("input_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, used.CachedInputTokens);
        json.WriteNumber("cache_write_tokens"u8, used.CacheWriteTokens);
        json.WriteEndObject();
        json.WriteNumber("output_tokens"u8, used.OutputTokens);
        json.WriteStartObject("output_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, used.ReasoningTokens);
        json.WriteEndObject();
        json.WriteNumber("total_tokens"u8, used.TotalTokens);
        json.WriteEndObject();
    }
}
