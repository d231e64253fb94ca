using System.Buffers;
using LlmGateway.Protocols.Sse;
using LlmGateway.Protocols.Translation;

namespace LlmGateway.Gateway.Dialects;

/// <summary>Translates a stream of chat chunks as its bytes come, however they are cut.</summary>
internal sealed class StreamTranslation(IAnswerTranslator translator)
{
    private readonly SseFramer _framer = new();
    private readonly ArrayBufferWriter<byte> _translated = new(1024);
    private byte[] _unread = [];
    private int _length;

    /// <summary>What the client gets for these bytes: nothing while an event is not whole. Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Translate(ReadOnlySpan<byte> bytes)
    {
        _translated.ResetWrittenCount();
        Append(bytes);
        var start = 0;
        while (_framer.TryReadEvent(_unread.AsSpan(start, _length - start), endOfStream: false, out var ev))
        {
            Translate(_unread.AsMemory(start, ev.Length), ev);
            start += ev.Length;
        }

        _length -= start;
        _unread.AsSpan(start, _length).CopyTo(_unread);
        return _translated.WrittenMemory;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_unread.Length - _length < bytes.Length)
        {
            Array.Resize(ref _unread, Math.Max(2 * _unread.Length, _length + bytes.Length));
        }

        bytes.CopyTo(_unread.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Translate(ReadOnlyMemory<byte> raw, in SseEvent ev)
    {
        if (ev.IsMultiLine)
        {
            var joined = new ArrayBufferWriter<byte>(raw.Length);
            ev.CopyData(raw.Span, joined);
            translator.WriteEvent(joined.WrittenMemory, _translated);
        }
        else if (ev.HasData)
        {
            translator.WriteEvent(raw.Slice(ev.Data.Offset, ev.Data.Length), _translated);
        }
        else if (ev.IsComment)
        {
            // A sign of life, in every dialect.
            _translated.Write(raw.Span);
        }
    }
}
