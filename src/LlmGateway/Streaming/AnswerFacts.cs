using System.Text;
using LlmGateway.Protocols.OpenAI;

namespace LlmGateway.Streaming;

/// <summary>Facts of an answer as strings for the ledger, without a new string where a known one will do.</summary>
internal static class AnswerFacts
{
    /// <summary>Longer names are cut: a provider's string goes into the ledger as it is.</summary>
    private const int MaxLength = 256;

    public static string ModelName(ReadOnlySpan<byte> utf8, string asked) => Equals(utf8, asked) ? asked : Text(utf8);

    public static string FinishReasonName(FinishReason reason, ReadOnlySpan<byte> raw) => reason switch
    {
        FinishReason.Stop when raw.SequenceEqual("stop"u8) => "stop",
        FinishReason.Length when raw.SequenceEqual("length"u8) => "length",
        FinishReason.ToolCalls when raw.SequenceEqual("tool_calls"u8) => "tool_calls",
        FinishReason.ContentFilter when raw.SequenceEqual("content_filter"u8) => "content_filter",
        _ => Text(raw),
    };

    /// <summary>What a client is to see in the place of a finish reason that OpenAI does not have.</summary>
    public static ReadOnlySpan<byte> Legal(ReadOnlySpan<byte> foreign) => FinishReasons.ToOpenAI(FinishReasons.Parse(foreign));

    private static bool Equals(ReadOnlySpan<byte> utf8, string text) =>
        utf8.Length == text.Length && Ascii.Equals(utf8, text);

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, MaxLength)]);
}
