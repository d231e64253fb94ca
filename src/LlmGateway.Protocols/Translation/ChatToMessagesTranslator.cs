using System.Buffers;
using System.Text.Json;
using LlmGateway.Protocols.Translation.Messages;

namespace LlmGateway.Protocols.Translation;

/// <summary>Writes a chat answer as Anthropic's Messages do.</summary>
/// <remarks>
/// Arguments of a tool that are no JSON object, which happens when the bound cuts them, are given as the model wrote them: in a whole answer
/// <c>"input":{"INVALID_JSON":"…"}</c>, in a stream as they arrive. Reasoning becomes a thinking block with an empty signature. Ids that
/// Messages does not allow are wrapped, and unwrapped when they come back in a request. Log probabilities, annotations and choices beyond the
/// first have no form.
/// </remarks>
public sealed class ChatToMessagesTranslator : IAnswerTranslator
{
    private readonly IReadOnlyList<string> _stops;
    private MessageStream? _stream;

    /// <summary>For an answer to a request of which nothing is known, such as one that is refused before it is read.</summary>
    public ChatToMessagesTranslator()
        : this([])
    {
    }

    internal ChatToMessagesTranslator(IReadOnlyList<string> stops) => _stops = stops;

    /// <inheritdoc/>
    public bool TryWriteWhole(ReadOnlyMemory<byte> completion, IBufferWriter<byte> output)
    {
        using var document = JsonIntake.ReadAnswer(completion);
        return document is not null && WholeMessage.TryWrite(document.RootElement, _stops, output);
    }

    /// <inheritdoc/>
    public void WriteEvent(ReadOnlyMemory<byte> data, IBufferWriter<byte> output) => (_stream ??= new MessageStream(_stops)).Write(data, output);

    /// <inheritdoc/>
    public void WriteError(TranslatedError error, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, MessagesJson.Options);
        writer.WriteStartObject();
        writer.WriteString("type"u8, "error"u8);
        ErrorWriter.WriteMembers(writer, ErrorTypes.Of(error.Status), error.Message, error.RequestId);
        writer.WriteEndObject();
    }
}
