using System.Buffers;
using LlmGateway.Simulator.Wire;

namespace LlmGateway.Simulator.Answers;

/// <summary>A text and where its tokens end. Pooled.</summary>
internal sealed class TokenText : IDisposable
{
    private readonly Utf8Buffer _text = new(1024);
    private int[] _ends = ArrayPool<int>.Shared.Rent(256);

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Text => _text.Span;

    public ReadOnlySpan<byte> this[int token] => _text.Span[(token == 0 ? 0 : _ends[token - 1]).._ends[token]];

    public void Add(ReadOnlySpan<byte> token)
    {
        if (Count == _ends.Length)
        {
            int[] larger = ArrayPool<int>.Shared.Rent(Count * 2);
            _ends.AsSpan(0, Count).CopyTo(larger);
            ArrayPool<int>.Shared.Return(_ends);
            _ends = larger;
        }

        _text.Add(token);
        _ends[Count++] = _text.Length;
    }

    /// <summary>Adds a text in tokens of about <paramref name="size"/> bytes that never split a character; stops at <paramref name="limit"/> tokens.</summary>
    /// <returns>Whether all of it fitted.</returns>
    public bool AddPieces(ReadOnlySpan<byte> text, int size, int limit)
    {
        while (text.Length > 0)
        {
            if (Count >= limit)
            {
                return false;
            }

            int end = Math.Min(size, text.Length);
            while (end < text.Length && (text[end] & 0xC0) == 0x80)
            {
                end++;
            }

            Add(text[..end]);
            text = text[end..];
        }

        return true;
    }

    /// <summary>Ends the text before the first of the stop sequences. A token that only began before it is cut short but counts.</summary>
    /// <returns>Whether one was found.</returns>
    public bool CutAt(List<byte[]> stops)
    {
        int cut = -1;
        foreach (byte[] stop in stops)
        {
            int at = _text.Span.IndexOf(stop);
            cut = at >= 0 && (cut < 0 || at < cut) ? at : cut;
        }

        if (cut < 0)
        {
            return false;
        }

        int count = 0;
        while (count < Count && (count == 0 ? 0 : _ends[count - 1]) < cut)
        {
            count++;
        }

        Count = count;
        if (count > 0)
        {
            _ends[count - 1] = cut;
        }

        _text.Truncate(cut);
        return true;
    }

    public void Dispose()
    {
        _text.Dispose();
        ArrayPool<int>.Shared.Return(_ends);
        _ends = [];
        Count = 0;
    }
}
