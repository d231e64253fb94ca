using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>What stands at the top of every chunk, and of a whole answer.</summary>
/// <param name="Suffix">What makes the ids of this answer its own: the provider's id, as far as it can stand in one.</param>
/// <param name="Created">Seconds since 1970; 0 where the provider does not say.</param>
/// <param name="Model">As a JSON string; empty where the provider does not say.</param>
/// <param name="ServiceTier">As a JSON string; empty for none.</param>
internal sealed record AnswerHead(string Suffix, long Created, byte[] Model, byte[] ServiceTier)
{
    private const int LongestId = 64;
    private const string ChatPrefix = "chatcmpl-";

    public static AnswerHead Read(JsonElement root) => new(
        ReadSuffix(root),
        ReadNumber(root, "created"u8),
        ReadText(root, "model"u8),
        ReadText(root, "service_tier"u8));

    /// <summary>Whether the chunk names its answer: what Azure sends ahead of an answer does not.</summary>
    public static bool HasId(JsonElement root) =>
        root.TryGetProperty("id"u8, out var id) && id.ValueKind is JsonValueKind.String && JsonMarshal.GetRawUtf8Value(id).Length > 2;

    private static string ReadSuffix(JsonElement root)
    {
        if (!root.TryGetProperty("id"u8, out var id) || id.ValueKind is not JsonValueKind.String)
            return Guid.NewGuid().ToString("N");
        var text = JsonStrings.Read(id);
        text = text.StartsWith(ChatPrefix, StringComparison.Ordinal) ? text[ChatPrefix.Length..] : text;
        var suffix = new StringBuilder(Math.Min(text.Length, LongestId));
        foreach (var letter in text)
        {
            if (suffix.Length < LongestId && (char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
                suffix.Append(letter);
        }

        return suffix.Length > 0 ? suffix.ToString() : Guid.NewGuid().ToString("N");
    }

    private static long ReadNumber(JsonElement root, ReadOnlySpan<byte> name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetDouble(out var number) ? (long)number : 0;

    private static byte[] ReadText(JsonElement root, ReadOnlySpan<byte> name)
    {
        if (!root.TryGetProperty(name, out var text) || text.ValueKind is not JsonValueKind.String)
            return [];
        var read = new ArrayBufferWriter<byte>();
        JsonStrings.Read(text, read);
        if (read.WrittenCount == 0)
            return [];
        var output = new ArrayBufferWriter<byte>();
        JsonStrings.Write(read.WrittenSpan, output);
        return output.WrittenSpan.ToArray();
    }
}
