using System.Buffers;
using System.Text.Json;
using LlmGateway.Protocols.Json;
using LlmGateway.Protocols.OpenAI;
using LlmGateway.Protocols.Translation.Responses;
using LlmGateway.Protocols.Usage;

namespace LlmGateway.Protocols.Translation;

/// <summary>Writes the answer of a chat completion as one of OpenAI's Responses API: whole, or as its events.</summary>
internal sealed class ChatToResponsesTranslator(ResponsesEcho echo) : IAnswerTranslator
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = JsonMembers.MaxDepth };

    private readonly EventWriter _events = new();
    private readonly ChoiceReader _choice = new();
    private AnswerHead? _head;
    private AnswerItems? _items;
    private TokenUsage? _usage;
    private bool _hasEnded;

    /// <inheritdoc/>
    public bool TryWriteWhole(ReadOnlyMemory<byte> completion, IBufferWriter<byte> output)
    {
        using var document = Parse(completion);
        if (document is null)
            return false;
        try
        {
            return TryWriteWhole(document.RootElement, output);
        }
        catch (InvalidOperationException)
        {
            // A member name with half a surrogate pair, which cannot even be compared.
            return false;
        }
    }

    /// <inheritdoc/>
    public void WriteEvent(ReadOnlyMemory<byte> data, IBufferWriter<byte> output)
    {
        if (_hasEnded)
            return;
        _events.SendTo(output);
        if (data.Span.Trim(" \t\r\n"u8).SequenceEqual("[DONE]"u8))
        {
            Complete();
            return;
        }

        using var document = Parse(data);
        if (document is null)
            return;
        try
        {
            Take(document.RootElement);
        }
        catch (InvalidOperationException)
        {
            // As above. Nothing is being written where names are compared.
        }
    }

    /// <inheritdoc/>
    public void WriteError(TranslatedError error, IBufferWriter<byte> output) =>
        OpenAIErrorWriter.Write(output, error.Message, error.Type, ChatMembers.InResponses(error.Param), error.Code);

    private bool TryWriteWhole(JsonElement root, IBufferWriter<byte> output)
    {
        if (ResponseFailure.TryRead(root, out _) || !ChoiceReader.TryFind(root, out var choice)
            || !choice.TryGetProperty("message"u8, out var message) || message.ValueKind is not JsonValueKind.Object)
            return false;
        var head = AnswerHead.Read(root);
        var items = new AnswerItems(new EventWriter(), head.Suffix, echo.WantsSummary);
        var reader = new ChoiceReader();
        reader.Read(choice, "message"u8, items);
        var failure = ResponseFailure.Of(reader.Finish);
        var status = failure is null ? ResponseWriter.StatusOf(reader.Finish) : "failed"u8;
        items.End(status.SequenceEqual("completed"u8));
        using var json = EventWriter.WriterTo(output);
        ResponseWriter.Write(json, head, echo, status, items.Output, reader.Finish, AnswerUsage.Find(root), failure);
        return true;
    }

    private void Take(JsonElement root)
    {
        if (ResponseFailure.TryRead(root, out var failure))
        {
            Fail(failure);
            return;
        }

        _usage = AnswerUsage.Find(root) ?? _usage;
        var hasChoice = ChoiceReader.TryFind(root, out var choice);
        if (_head is null && (hasChoice || AnswerHead.HasId(root)))
            Start(root);
        if (hasChoice)
            _choice.Read(choice, "delta"u8, _items!);
    }

    private void Start(JsonElement root)
    {
        _head = AnswerHead.Read(root);
        _items = new AnswerItems(_events, _head.Suffix, echo.WantsSummary);
        Tell("response.created"u8, "in_progress"u8);
        Tell("response.in_progress"u8, "in_progress"u8);
    }

    private void Complete()
    {
        if (_head is null)
        {
            Fail(ResponseFailure.Nothing);
            return;
        }

        if (ResponseFailure.Of(_choice.Finish) is { } failure)
        {
            Fail(failure);
            return;
        }

        _hasEnded = true;
        var status = ResponseWriter.StatusOf(_choice.Finish);
        var isComplete = status.SequenceEqual("completed"u8);
        _items!.End(isComplete);
        Tell(isComplete ? "response.completed"u8 : "response.incomplete"u8, status);
    }

    /// <summary>
    /// Tells a failure: in the response where one has begun, else as an error alone, since there is no response to tell it of. What is open
    /// is left open: clients run a call when its end is told.
    /// </summary>
    private void Fail(ResponseFailure failure)
    {
        _hasEnded = true;
        if (_head is not null)
        {
            Tell("response.failed"u8, "failed"u8, failure);
            return;
        }

        var json = _events.Begin("error"u8);
        json.WriteString("code"u8, failure.Code);
        json.WriteString("message"u8, failure.Message);
        json.WriteString("param"u8, ChatMembers.InResponses(failure.Param));
        _events.End();
    }

    private void Tell(ReadOnlySpan<byte> type, ReadOnlySpan<byte> status, ResponseFailure? failure = null)
    {
        var json = _events.Begin(type);
        json.WritePropertyName("response"u8);
        ResponseWriter.Write(json, _head!, echo, status, _items!.Output, _choice.Finish, _hasEnded ? _usage : null, failure);
        _events.End();
    }

    /// <summary>Null for what is no JSON object.</summary>
    private static JsonDocument? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            var document = JsonDocument.Parse(json[JsonBody.Start(json.Span)..], Options);
            if (document.RootElement.ValueKind is JsonValueKind.Object)
                return document;
            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
