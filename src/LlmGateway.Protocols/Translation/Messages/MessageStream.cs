using System.Buffers;
using System.Text.Json;
using LlmGateway.Protocols.OpenAI;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>
/// Writes a stream of chunks as Messages' events: <c>message_start</c>, then for each block start, deltas and stop, then <c>message_delta</c>
/// and <c>message_stop</c>; or <c>error</c> in place of whatever is left. Behind an end there is nothing.
/// </summary>
internal sealed class MessageStream
{
    private readonly EventWriter _events = new();
    private readonly AnswerFacts _facts;
    private readonly StreamBlocks _blocks;
    private readonly AnswerReader _reader;
    private bool _hasStarted;
    private bool _hasEnded;

    public MessageStream(IReadOnlyList<string> stops)
    {
        _facts = new AnswerFacts(stops);
        _blocks = new StreamBlocks(_events, _facts);
        _reader = new AnswerReader(_blocks);
    }

    public void Write(ReadOnlyMemory<byte> data, IBufferWriter<byte> output)
    {
        var text = data.Span.Trim(" \t\r\n"u8);
        if (_hasEnded || text.IsEmpty)
            return;
        _events.SendTo(output);
        if (text.SequenceEqual("[DONE]"u8))
        {
            Finish();
            return;
        }

        using var chunk = JsonIntake.ReadAnswer(data);
        if (chunk is null || chunk.RootElement.ValueKind is not JsonValueKind.Object)
            Fail(ErrorTypes.Api, "The provider sent a part of the answer that is not JSON.");
        else if (StreamError.TryRead(chunk.RootElement, out var error))
            Fail(error.Type, error.Message);
        else
            WriteChunk(chunk.RootElement);
    }

    private void WriteChunk(JsonElement chunk)
    {
        _facts.Read(chunk);

        // Azure's first chunk has neither an id nor a choice: the message starts with one that says something.
        if (!JsonParts.TryFirstChoice(chunk, out var choice))
            return;
        Start();
        _facts.ReadChoice(choice);
        if (choice.TryGetProperty("delta"u8, out var delta) && delta.ValueKind is JsonValueKind.Object)
            _reader.Read(delta, isWhole: false);
    }

    private void Start()
    {
        if (_hasStarted)
            return;
        _hasStarted = true;
        var json = _events.Begin("message_start"u8);
        json.WriteStartObject("message"u8);
        WholeMessage.WriteHead(json, _facts);
        json.WriteStartArray("content"u8);
        json.WriteEndArray();
        json.WriteNull("stop_reason"u8);
        json.WriteNull("stop_sequence"u8);
        json.WriteNull("stop_details"u8);
        json.WriteNull("container"u8);

        // What it takes is known at the end only: message_delta overwrites these.
        AnswerEnd.WriteUsage(json, _facts, isDelta: false);
        json.WriteEndObject();
        _events.End();
    }

    private void Finish()
    {
        if (AnswerEnd.IsBroken(_facts))
        {
            Fail(_facts.Finish is FinishReason.Overloaded ? ErrorTypes.Overloaded : ErrorTypes.Api, "The provider broke off its answer.");
            return;
        }

        Start();
        _blocks.Finish();
        var json = _events.Begin("message_delta"u8);
        json.WriteStartObject("delta"u8);
        AnswerEnd.WriteReason(json, _facts, _reader.Refused, _blocks.HasTools);
        json.WriteEndObject();
        AnswerEnd.WriteUsage(json, _facts, isDelta: true);
        _events.End();
        _events.Begin("message_stop"u8);
        _events.End();
        _hasEnded = true;
    }

    private void Fail(string type, string message)
    {
        _hasEnded = true;
        ErrorWriter.WriteMembers(_events.Begin("error"u8), type, message, requestId: null);
        _events.End();
    }
}
