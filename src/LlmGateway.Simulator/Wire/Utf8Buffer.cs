using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace LlmGateway.Simulator.Wire;

/// <summary>A growing run of UTF-8 bytes in pooled memory. Returned to the pool by <see cref="Dispose"/>; not for two threads.</summary>
internal sealed class Utf8Buffer(int capacity = 1024) : IBufferWriter<byte>, IDisposable
{
    private byte[] _array = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _array.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => _array.AsMemory(0, Length);

    public void Clear() => Length = 0;

    public void Truncate(int length) => Length = length;

    public Utf8Buffer Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Length += bytes.Length;
        return this;
    }

    public Utf8Buffer Add(byte single)
    {
        GetSpan(1)[0] = single;
        Length++;
        return this;
    }

    public Utf8Buffer Add(string text)
    {
        Length += Encoding.UTF8.GetBytes(text, GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length)));
        return this;
    }

    public Utf8Buffer Add(long number)
    {
        number.TryFormat(GetSpan(20), out int written, provider: CultureInfo.InvariantCulture);
        Length += written;
        return this;
    }

    public Utf8Buffer Add(float number)
    {
        number.TryFormat(GetSpan(32), out int written, provider: CultureInfo.InvariantCulture);
        Length += written;
        return this;
    }

    /// <summary>The content of a JSON string, without its quotes. Invalid UTF-8 becomes U+FFFD.</summary>
    public Utf8Buffer AddEscaped(ReadOnlySpan<byte> text)
    {
        JavaScriptEncoder encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        if (encoder.FindFirstCharacterToEncodeUtf8(text) < 0)
        {
            return Add(text);
        }

        while (text.Length > 0)
        {
            OperationStatus status = encoder.EncodeUtf8(text, GetSpan(Math.Max(64, text.Length * 2)), out int consumed, out int written);
            Length += written;
            text = text[consumed..];
            if (status == OperationStatus.Done)
            {
                break;
            }
        }

        return this;
    }

    /// <summary>A whole JSON string, or <c>null</c>.</summary>
    public Utf8Buffer AddJson(string? text)
    {
        if (text is null)
        {
            return Add("null"u8);
        }

        return Add((byte)'"').AddEscaped(Encoding.UTF8.GetBytes(text)).Add((byte)'"');
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsSpan(Length);
    }

    public void Dispose()
    {
        byte[] array = _array;
        _array = [];
        Length = 0;
        if (array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private void Reserve(int more)
    {
        more = Math.Max(more, 1);
        if (_array.Length - Length >= more)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_array.Length * 2, Length + more));
        Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_array);
        _array = larger;
    }
}
