using System.Buffers;
using LlmGateway.Gateway;
using LlmGateway.Protocols;
using LlmGateway.Protocols.Errors;
using LlmGateway.Protocols.OpenAI;
using LlmGateway.Protocols.OpenAI.Answers;
using LlmGateway.Protocols.Sse;
using LlmGateway.Protocols.Usage;
using LlmGateway.Upstream;

namespace LlmGateway.Streaming;

/// <summary>What an event means for the stream that it is part of.</summary>
internal enum EventMeaning
{
    /// <summary>It goes on; nothing that a user would miss.</summary>
    Filler,

    /// <summary>Text, a tool call, a finish reason: what the client waits for.</summary>
    Content,

    /// <summary>The end mark.</summary>
    Done,

    /// <summary>The provider reports a failure inside its 200; it is on the attempt now.</summary>
    Failure,
}

/// <summary>
/// Reads each event of a stream as it passes, once: usage, finish reason, model, text; and takes out the usage that the client did not ask for.
/// </summary>
/// <param name="remembers">The stream may have to be gone on with: what goes to the client is remembered.</param>
internal sealed class UsageTap(Exchange exchange, Attempt attempt, EventBuffer buffer, bool remembers = false) : IDisposable
{
    private readonly TextKeeper _text = new();
    private readonly OpenAIUsageProfile _profile = OpenAIUsageReader.ProfileFor(attempt.Deployment.Provider.Profile);
    private readonly bool _clientWantsUsage = exchange.Request!.IncludeUsage;
    private DeliveredLog? _delivered;
    private UInt128 _finished;
    private UInt128 _seen;
    private bool _malformed;

    /// <summary>
    /// Every choice that there is has a finish reason: enough where the provider marks the end itself. (It may have made fewer than it was asked
    /// for: several ignore <c>n</c>.)
    /// </summary>
    public bool SeenFinished => _finished != 0 && (_seen & ~_finished) == 0;

    /// <summary>Every choice has a finish reason, so an end without a mark is an end all the same.</summary>
    public bool AllFinished => (int)UInt128.PopCount(_finished) >= Math.Min(exchange.Request!.Returned, ChatChunkFacts.MaxChoices);

    /// <summary>Takes the event at the front of the raw bytes: it is passed or dropped when this returns, unless it is the end or a failure.</summary>
    public EventMeaning Take(SseEvent ev)
    {
        if (!ev.HasData)
        {
            // Comments and blank lines keep connections alive all the way to the client. Half a line would swallow the event put behind it.
            if (ev.IsUnterminated)
            {
                buffer.Drop(ev.Length);
            }
            else
            {
                buffer.Pass(ev.Length);
            }

            return EventMeaning.Filler;
        }

        if (ev.IsDone)
        {
            return EventMeaning.Done;
        }

        var textBefore = _text.Seen;
        var meaning = Read(ev, out var data, out var length, out var facts);
        if (meaning is EventMeaning.Failure)
        {
            return meaning;
        }

        if (facts.IsMalformed)
        {
            buffer.Drop(length);
            return meaning;
        }

        if (remembers)
        {
            (_delivered ??= new DeliveredLog(_text)).Add(data.In(buffer.Raw), in facts, textBefore);
        }

        if (exchange.KeepUpTo is > 0 and var most)
        {
            (attempt.Assembler ??= new StreamAssembler(most)).AddChunk(data.In(buffer.Raw), in facts);
        }

        Forward(data, length, facts);
        if (ev.IsUnterminated)
        {
            buffer.Finish("\n\n"u8);
        }

        return meaning;
    }

    /// <summary>Learns from an event that has data and leaves it at the front of the raw bytes, its payload in one line.</summary>
    /// <param name="ev">What the framer found there.</param>
    /// <param name="data">Its payload.</param>
    /// <param name="length">Its length.</param>
    /// <param name="facts">What was found. A malformed event is for nobody: a user misses nothing where the stream becomes whole all the same.</param>
    public EventMeaning Read(SseEvent ev, out ByteRange data, out int length, out ChatChunkFacts facts)
    {
        data = ev.Data;
        length = ev.Length;
        var isError = ev.Name.In(buffer.Raw).SequenceEqual("error"u8);
        if (ev.IsMultiLine)
        {
            (data, length) = JoinLines(ev);
        }

        var textBefore = _text.Seen;
        ChatChunkScanner.Scan(data.In(buffer.Raw), out facts, _profile, _text);
        if (facts.IsMalformed && !isError)
        {
            // What a connection that broke off left of an event is not the provider's garbage.
            _malformed |= !ev.IsUnterminated;
            _text.Rewind(textBefore);
            return EventMeaning.Filler;
        }

        return Learn(data, in facts, isError);
    }

    /// <summary>What the client has been sent, for another deployment to go on with; null where nobody can. To be asked before it is settled.</summary>
    public Delivered? ReadDelivered() => _finished == 0 ? _delivered?.Read() : null;

    /// <summary>The stream ended before the answer was whole.</summary>
    public void Unfinished() => attempt.Fail(ErrorClass.BadGateway, detail: _malformed ? "it sent an event that is not JSON"
        : attempt.FirstEventAt is null ? "its stream ended before it said anything"
        : "its stream ended in the middle of the answer");

    /// <summary>Hands the text over to the attempt, where no usage came to make it needless.</summary>
    public void Settle()
    {
        attempt.ReceivedTextBytes = _text.Seen;
        if (attempt.HasMeasuredUsage && !attempt.HasUncountedText)
        {
            _text.Dispose();
            return;
        }

        // The array goes to the estimate and is left to the collector: rare, and its end is not ours to know.
        attempt.ReceivedText = _text.Kept;
    }

    public void Dispose() => _delivered?.Dispose();

    /// <param name="isError">The event is called an error, whatever its payload looks like: some gateways put their own form there, and an end mark behind it.</param>
    private EventMeaning Learn(ByteRange data, in ChatChunkFacts facts, bool isError)
    {
        var json = data.In(buffer.Raw);
        if (facts.HasUsage)
        {
            attempt.Measured(facts.Usage);
        }

        if (facts.HasError || isError)
        {
            attempt.FailInside(json, in facts);
            return EventMeaning.Failure;
        }

        if (!facts.Model.IsEmpty)
        {
            attempt.ModelAnswered ??= AnswerFacts.ModelName(facts.Model.In(json), attempt.Deployment.Model);
        }

        if (facts.FinishReason is not FinishReason.None)
        {
            attempt.FinishReason = AnswerFacts.FinishReasonName(facts.FinishReason, facts.FinishReasonValue.In(json));
            _finished |= facts.FinishedChoices;
        }

        if (facts.HasChoices)
        {
            _seen |= facts.SeenChoices;
        }

        attempt.Intent?.Received(_text.Seen);
        return facts.HasContent ? EventMeaning.Content : EventMeaning.Filler;
    }

    private void Forward(ByteRange data, int length, ChatChunkFacts facts)
    {
        if (!_clientWantsUsage && facts.IsPureUsage)
        {
            buffer.Drop(length);
            return;
        }

        while (!facts.ForeignFinishReason.IsEmpty)
        {
            var foreign = facts.ForeignFinishReason;
            var legal = AnswerFacts.Legal(foreign.In(data.In(buffer.Raw)));
            var growth = legal.Length - foreign.Length;
            buffer.Replace(data.Offset + foreign.Offset, foreign.Length, legal);
            data = data with { Length = data.Length + growth };
            length += growth;
            ChatChunkScanner.Scan(data.In(buffer.Raw), out facts, _profile);
        }

        if (_clientWantsUsage && attempt.PriceUsage is not null && facts.HasUsage)
        {
            length += TellCost(data, facts.UsageMembers);
        }

        if (!_clientWantsUsage && !facts.UsageMembers.IsEmpty)
        {
            var kept = ChatChunkScanner.RemoveUsage(data.In(buffer.Raw), in facts);
            buffer.Replace(data.Offset + kept, data.Length - kept, []);
            length -= data.Length - kept;
        }

        buffer.Pass(length);
    }

    /// <summary>Puts the cost into the last usage of the chunk, unless the provider has put its own there; by how many bytes it grew.</summary>
    private int TellCost(ByteRange data, ReadOnlySpan<UsageMember> members)
    {
        for (var i = members.Length - 1; i >= 0; i--)
        {
            var cut = members[i].Cut;
            var text = cut.In(data.In(buffer.Raw));
            var end = text.LastIndexOf((byte)'}');
            if (members[i].IsNull || end < 0 || text.IndexOf("\"cost\""u8) >= 0 || UsageCost.Of(exchange, attempt) is not { } cost)
            {
                continue;
            }

            var told = UsageCost.Members(cost);
            buffer.Replace(data.Offset + cut.Offset + end, 0, told);
            return told.Length;
        }

        return 0;
    }

    /// <summary>A payload over several lines becomes one line, as every other event is.</summary>
    private (ByteRange Data, int Length) JoinLines(SseEvent ev)
    {
        var joined = new ArrayBufferWriter<byte>(ev.Length + 8);
        joined.Write("data: "u8);
        ev.CopyData(buffer.Raw, joined);
        var data = new ByteRange("data: "u8.Length, joined.WrittenCount - "data: "u8.Length);
        joined.Write("\n\n"u8);
        buffer.Replace(0, ev.Length, joined.WrittenSpan);
        data.In(buffer.Raw).Replace((byte)'\n', (byte)' ');
        return (data, joined.WrittenCount);
    }
}
