using System.Buffers;
using System.Globalization;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>
/// The items that an answer comes to, from its pieces in any order. One item is open at a time: pieces of another kind end it. A call ends only
/// when its arguments are whole or the answer ends, since its pieces may alternate with others; what comes before that is held back.
/// </summary>
/// <param name="events">Where they are told.</param>
/// <param name="suffix">What makes ids of this answer its own.</param>
/// <param name="asSummary">Thoughts are told as a summary.</param>
internal sealed class AnswerItems(EventWriter events, string suffix, bool asSummary)
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly List<ToolCall> _calls = [];
    private readonly List<HeldText> _held = [];
    private readonly ArrayBufferWriter<byte> _logprobs = new();
    private OutputItem? _open;
    private int _begun;

    /// <summary>The first call that has not ended; as many as there are calls where all have.</summary>
    private int _call;

    /// <summary>The items that have ended, as JSON with commas between.</summary>
    public ReadOnlySpan<byte> Output => _output.WrittenSpan;

    public void AddThoughts(ReadOnlySpan<byte> text) => Add(TextKind.Thoughts, text);

    public void AddRefusal(ReadOnlySpan<byte> text) => Add(TextKind.Refusal, text);

    /// <summary>Adds text. The odds of tokens that make no character yet come without one, and go with the next.</summary>
    public void AddText(ReadOnlySpan<byte> text, ReadOnlySpan<byte> logprobs)
    {
        if (!logprobs.IsEmpty)
        {
            _logprobs.Write(_logprobs.WrittenCount > 0 ? ","u8 : default);
            _logprobs.Write(logprobs);
        }

        if (text.IsEmpty)
            return;
        Add(TextKind.Text, text);
    }

    /// <summary>Adds a piece of a call, which names it by its index, by its id, or not at all; Gemini gives every call the index 0.</summary>
    public void AddCall(int index, ReadOnlySpan<byte> id, ReadOnlySpan<byte> name, ReadOnlySpan<byte> arguments, bool isCustom)
    {
        var call = Find(index, id);
        call.Take(id, name, arguments, isCustom);
        while (_call < _calls.Count - 1 && _calls[_call].IsWhole())
            EndCall(isComplete: true);
        if (_call < _calls.Count && _calls[_call].CanBeTold)
            Tell(_calls[_call]).Catch();
    }

    /// <summary>Ends what is open.</summary>
    /// <param name="isComplete">Nothing cut the answer short; else the last item is what was cut.</param>
    public void End(bool isComplete)
    {
        while (_call < _calls.Count)
            EndCall(isComplete || _call < _calls.Count - 1 || _held.Count > 0);
        foreach (var held in _held)
            Say(held.Kind, held.Text.WrittenSpan);
        _held.Clear();
        if (_begun == 0)
            Message().OpenText();
        if (_logprobs.WrittenCount > 0 && _open is MessageItem message)
            message.AppendLogprobs(TakeLogprobs());
        EndOpen(isComplete);
    }

    private void Add(TextKind kind, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
            return;
        while (_held.Count == 0 && _call < _calls.Count && _calls[_call].IsWhole())
            EndCall(isComplete: true);
        if (_call == _calls.Count)
            Say(kind, text);
        else
            Hold(kind, text);
    }

    private void Hold(TextKind kind, ReadOnlySpan<byte> text)
    {
        if (_held.Count == 0 || _held[^1].Kind != kind)
            _held.Add(new HeldText(kind));
        _held[^1].Text.Write(text);
    }

    private void Say(TextKind kind, ReadOnlySpan<byte> text)
    {
        switch (kind)
        {
            case TextKind.Thoughts:
                Thoughts().Append(text);
                break;
            case TextKind.Refusal:
                Message().AppendRefusal(text);
                break;
            default:
                Message().AppendText(text, TakeLogprobs());
                break;
        }
    }

    private ReasoningItem Thoughts() => _open as ReasoningItem ?? Begin((id, index) => new ReasoningItem(events, id, index, asSummary), "rs");

    private MessageItem Message() => _open as MessageItem ?? Begin((id, index) => new MessageItem(events, id, index), "msg");

    private CallItem Tell(ToolCall call)
    {
        if (call.IsTold)
            return (CallItem)_open!;
        if (call.Id.IsEmpty)
            call.Take(System.Text.Encoding.ASCII.GetBytes(Id("call")), default, default, isCustom: false);
        call.IsTold = true;
        return Begin((id, index) => new CallItem(events, id, index, call), call.IsCustom ? "ctc" : "fc");
    }

    private void EndCall(bool isComplete)
    {
        Tell(_calls[_call++]);
        EndOpen(isComplete);
    }

    private T Begin<T>(Func<string, int, T> create, string prefix)
        where T : OutputItem
    {
        EndOpen(isComplete: true);
        var item = create(Id(prefix), _begun);
        _begun++;
        _open = item;
        item.Begin();
        return item;
    }

    private void EndOpen(bool isComplete)
    {
        _open?.End(isComplete, _output);
        _open = null;
    }

    private string Id(string prefix) => string.Create(CultureInfo.InvariantCulture, $"{prefix}_{suffix}_{_begun}");

    private ReadOnlySpan<byte> TakeLogprobs()
    {
        var taken = _logprobs.WrittenSpan;
        _logprobs.ResetWrittenCount();
        return taken;
    }

    private ToolCall Find(int index, ReadOnlySpan<byte> id)
    {
        for (var i = _calls.Count - 1; i >= 0; i--)
        {
            var call = _calls[i];
            var isOther = !id.IsEmpty && !call.Id.IsEmpty && !call.Id.SequenceEqual(id);
            if (!isOther && (index < 0 || index == call.Index))
                return call;
        }

        var added = new ToolCall(index);
        _calls.Add(added);
        return added;
    }
}
