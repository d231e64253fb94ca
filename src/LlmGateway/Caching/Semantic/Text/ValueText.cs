using System.Buffers;

namespace LlmGateway.Caching.Semantic.Text;

/// <summary>Text in the making over a rented buffer, with a look at its end, which <c>StringBuilder</c> gives only slowly.</summary>
internal ref struct ValueText(int capacity)
{
    private char[] _buffer = ArrayPool<char>.Shared.Rent(Math.Max(16, capacity));

    public int Length { get; private set; }

    public readonly char Last => _buffer[Length - 1];

    public void Append(char c)
    {
        if (Length == _buffer.Length)
        {
            Grow(1);
        }

        _buffer[Length++] = c;
    }

    public void Append(ReadOnlySpan<char> text)
    {
        if (Length + text.Length > _buffer.Length)
        {
            Grow(text.Length);
        }

        text.CopyTo(_buffer.AsSpan(Length));
        Length += text.Length;
    }

    public readonly void ReplaceLast(char c) => _buffer[Length - 1] = c;

    public void TrimEnd()
    {
        while (Length > 0 && _buffer[Length - 1] == ' ')
        {
            Length--;
        }
    }

    /// <summary>The text; the buffer goes back and this is at its end.</summary>
    public string Finish()
    {
        var text = new string(_buffer, 0, Length);
        ArrayPool<char>.Shared.Return(_buffer);
        _buffer = [];
        Length = 0;
        return text;
    }

    private void Grow(int by)
    {
        var larger = ArrayPool<char>.Shared.Rent((Length + by) * 2);
        _buffer.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<char>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
