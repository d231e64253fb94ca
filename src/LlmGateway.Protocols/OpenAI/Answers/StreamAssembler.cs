using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using LlmGateway.Protocols.Sse;

namespace LlmGateway.Protocols.OpenAI.Answers;

/// <summary>
/// Puts a streamed answer together as it passes. What it cannot put together with certainty it gives up, and holds nothing of it then. Not
/// thread-safe; one instance a stream.
/// </summary>
/// <param name="limit">How many bytes of one answer to hold; for a longer one it gives up.</param>
public sealed class StreamAssembler(int limit)
{
    private readonly SseFramer _framer = new();
    private readonly int _limit = limit;
    private AnswerParts? _parts = new(new ByteBudget(limit));
    private ArrayBufferWriter<byte>? _unread;
    private bool _isDone;

    /// <summary>Nothing can come of it any more.</summary>
    public bool HasGivenUp => _parts is null;

    /// <summary>Takes the next bytes of the stream, cut anywhere.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_parts is null || _isDone)
            return;
        if (_unread is null or { WrittenCount: 0 })
        {
            Keep(bytes[Read(bytes, endOfStream: false)..]);
            return;
        }

        _unread.Write(bytes);
        var read = Read(_unread.WrittenSpan, endOfStream: false);
        if (read == 0)
        {
            Bound();
            return;
        }

        var rest = _unread.WrittenSpan[read..].ToArray();
        _unread.ResetWrittenCount();
        Keep(rest);
    }

    /// <summary>Takes one chunk that somebody else has framed and scanned, which halves the work. Not to be mixed with <see cref="Add"/>.</summary>
    /// <param name="chunk">The JSON of the chunk, as the provider sent it.</param>
    /// <param name="facts">What was found in those bytes.</param>
    public void AddChunk(ReadOnlySpan<byte> chunk, in ChatChunkFacts facts)
    {
        if (_parts is null || _isDone)
            return;
        try
        {
            if (_parts.TryAdd(chunk, facts))
                return;
        }
        catch (JsonException)
        {
            // The bytes are not those that were scanned.
        }

        GiveUp();
    }

    /// <summary>Takes the end mark <c>[DONE]</c> that somebody else has framed.</summary>
    public void AddDone() => _isDone = true;

    /// <summary>
    /// The stream has ended: gives the document and what decides whether it may be kept. False when the stream did not end in <c>[DONE]</c>, told
    /// of a failure, was too long, or held what cannot be put together. To be called once.
    /// </summary>
    public bool TryComplete([NotNullWhen(true)] out byte[]? document, out AnswerSummary summary)
    {
        if (_parts is not null && !_isDone && _unread is not null)
            Read(_unread.WrittenSpan, endOfStream: true);
        var parts = _parts;
        GiveUp();
        if (parts is not null && _isDone)
            return parts.TryWrite(out document, out summary);
        document = null;
        summary = default;
        return false;
    }

    private int Read(ReadOnlySpan<byte> unread, bool endOfStream)
    {
        var read = 0;
        while (!_isDone && _parts is not null && _framer.TryReadEvent(unread[read..], endOfStream, out var ev))
        {
            Take(ev, unread[read..]);
            read += ev.Length;
        }

        return _isDone || _parts is null ? unread.Length : read;
    }

    private void Take(in SseEvent ev, ReadOnlySpan<byte> unread)
    {
        _isDone = ev.IsDone;
        if (ev.IsDone || !ev.HasData)
            return;
        if (ev.Name.In(unread).SequenceEqual("error"u8) || !TryAdd(ev, unread))
            GiveUp();
    }

    private bool TryAdd(in SseEvent ev, ReadOnlySpan<byte> unread)
    {
        try
        {
            if (!ev.IsMultiLine)
                return ev.Data.IsEmpty || _parts!.TryAdd(ev.Data.In(unread));
            var data = new ArrayBufferWriter<byte>();
            ev.CopyData(unread, data);
            return _parts!.TryAdd(data.WrittenSpan);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
            return;
        _unread ??= new ArrayBufferWriter<byte>();
        _unread.Write(rest);
        Bound();
    }

    private void Bound()
    {
        if (_unread?.WrittenCount > _limit)
            GiveUp();
    }

    private void GiveUp()
    {
        _parts = null;
        _unread = null;
    }
}
