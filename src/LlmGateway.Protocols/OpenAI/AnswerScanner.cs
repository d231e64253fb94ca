using System.Buffers;
using System.Text.Json;
using LlmGateway.Protocols.Json;
using LlmGateway.Protocols.Usage;

namespace LlmGateway.Protocols.OpenAI;

/// <summary>Learns in one pass what a gateway must know of a whole answer: chat, completions, embeddings, or anything with a 2xx status.</summary>
public static class AnswerScanner
{
    /// <summary>Scans one body; blank lines and a byte order mark before it are forgiven. Never throws, whatever the bytes are.</summary>
    /// <remarks>
    /// A body that is no JSON container (a bare string, plain text, HTML, nothing at all) is malformed and an error; an array is an error
    /// when its first element is one, as Gemini's OpenAI endpoint does it, and malformed otherwise; a broken object is malformed.
    /// </remarks>
    /// <param name="body">The whole body.</param>
    /// <param name="facts">What was found; ranges count from the start of <paramref name="body"/>.</param>
    /// <param name="profile">How the provider counts; see <see cref="OpenAIUsageProfile"/>.</param>
    /// <param name="text">Receives all generated text, as in <see cref="ChatChunkScanner"/>; null saves the work.</param>
    public static void Scan(
        ReadOnlySpan<byte> body,
        out ChatChunkFacts facts,
        OpenAIUsageProfile profile = OpenAIUsageProfile.Standard,
        IBufferWriter<byte>? text = null)
    {
        var start = JsonBody.Start(body);
        var json = body[start..];
        switch (json.IsEmpty ? default : json[0])
        {
            case (byte)'{':
                ChatWalker.Scan(json, profile, text, out facts);
                facts.Shift(start);
                break;
            case (byte)'[':
                ScanFirstElement(json, out facts);
                facts.Shift(start);
                break;
            default:
                facts = new ChatChunkFacts { IsMalformed = true, HasError = true };
                break;
        }
    }

    private static void ScanFirstElement(ReadOnlySpan<byte> array, out ChatChunkFacts facts)
    {
        try
        {
            var reader = JsonMembers.Open(array);
            reader.Read();
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            ChatWalker.Scan(array[start..(int)reader.BytesConsumed], OpenAIUsageProfile.Standard, text: null, out facts);
            facts.Shift(start);
            if (facts.HasError)
                return;
        }
        catch (JsonException)
        {
            // Not JSON to its end: answered below like any other array that is no error.
        }

        facts = new ChatChunkFacts { IsMalformed = true };
    }
}
