using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using LlmGateway.Protocols.Json;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>
/// Reads a body into a document in which every value can be copied as it is spelt: no blanks, which would break the line of an event, no
/// escapes but those that JSON demands, no half surrogate pairs, and no member twice, since which one counts would depend on the reader.
/// </summary>
internal static class CleanJson
{
    /// <summary>A few levels less than the gateway takes in a chat request, since tools stand deeper there.</summary>
    public const int MaxDepth = 120;

    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>The document; null where there is a fault.</summary>
    public static JsonDocument? Parse(ReadOnlySpan<byte> body, out TranslationFault? fault)
    {
        fault = null;
        var json = body[JsonBody.Start(body)..];
        if (json.IsEmpty)
        {
            fault = Invalid("the body is empty; it must be a JSON object");
            return null;
        }

        if (!Utf8.IsValid(json))
        {
            fault = Invalid("it is not UTF-8");
            return null;
        }

        var clean = new ArrayBufferWriter<byte>(json.Length);
        try
        {
            Copy(json, clean);
            return JsonDocument.Parse(clean.WrittenMemory, Strict);
        }
        catch (JsonException exception)
        {
            fault = DuplicateMembers.Find(clean.WrittenSpan) ?? Invalid(Where(exception));
            return null;
        }
    }

    private static void Copy(ReadOnlySpan<byte> json, ArrayBufferWriter<byte> clean)
    {
        var reader = new Utf8JsonReader(json, ReaderOptions);
        var text = new ArrayBufferWriter<byte>();
        var afterValue = false;
        while (reader.Read())
        {
            var token = reader.TokenType;
            if (afterValue && token is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
                clean.Write(","u8);
            afterValue = token is not (JsonTokenType.PropertyName or JsonTokenType.StartObject or JsonTokenType.StartArray);
            if (token is JsonTokenType.String or JsonTokenType.PropertyName)
                CopyText(reader, text, clean);
            else
                clean.Write(reader.ValueSpan);
            if (token is JsonTokenType.PropertyName)
                clean.Write(":"u8);
        }
    }

    private static void CopyText(in Utf8JsonReader reader, ArrayBufferWriter<byte> text, ArrayBufferWriter<byte> clean)
    {
        if (!reader.ValueIsEscaped)
        {
            clean.Write("\""u8);
            clean.Write(reader.ValueSpan);
            clean.Write("\""u8);
            return;
        }

        text.ResetWrittenCount();
        JsonText.Unescape(reader.ValueSpan, text);
        JsonStrings.Write(text.WrittenSpan, clean);
    }

    private static string Where(JsonException exception) =>
        $"it is malformed or nested deeper than {MaxDepth} levels, line {exception.LineNumber + 1}, byte {exception.BytePositionInLine} of it";

    private static TranslationFault Invalid(string what) => new($"The request body is not valid JSON: {what}.", null, "invalid_json");
}
