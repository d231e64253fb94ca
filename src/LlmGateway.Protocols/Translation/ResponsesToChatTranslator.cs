using System.Buffers;
using System.Text.Json;
using LlmGateway.Protocols.Translation.Responses;

namespace LlmGateway.Protocols.Translation;

/// <summary>
/// Makes a request of OpenAI's Responses API one of its chat completions. Nothing is stored, so what refers to something stored is refused, and
/// so are the tools that OpenAI's servers run.
/// </summary>
public static class ResponsesToChatTranslator
{
    private static readonly JsonWriterOptions Options = new() { SkipValidation = true };

    /// <summary>Translates one request. Never throws, whatever the bytes are.</summary>
    public static TranslatedRequest Translate(ReadOnlyMemory<byte> body)
    {
        using var document = CleanJson.Parse(body.Span, out var fault);
        if (document is null)
            return Refused(fault!, ResponsesEcho.None);
        var root = document.RootElement;
        if (root.ValueKind is not JsonValueKind.Object)
            return Refused(new TranslationFault("The request body must be a JSON object.", null, "invalid_type"), ResponsesEcho.None);
        var output = new ArrayBufferWriter<byte>(body.Length + 256);
        using var json = new Utf8JsonWriter(output, Options);
        var pass = new RequestPass(json);
        var echo = ResponsesEcho.Of(root);
        if (!RequestMembers.TryWrite(root, pass))
            return Refused(pass.Fault!, echo);
        json.Flush();
        return new TranslatedRequest(output.WrittenMemory, new ChatToResponsesTranslator(echo), pass.Dropped, null);
    }

    private static TranslatedRequest Refused(TranslationFault fault, ResponsesEcho echo) =>
        new(ReadOnlyMemory<byte>.Empty, new ChatToResponsesTranslator(echo), [], fault);
}
