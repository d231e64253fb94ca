namespace LlmGateway.LoadTests.Http;

/// <summary>
/// Finds the token events of a chat completion stream by looking at bytes, and notes when each arrived.
/// A token event carries non-empty <c>content</c>: the role, finish and usage events of a stream are no tokens.
/// </summary>
internal sealed class TokenStreamReader
{
    private readonly List<long> _gaps = new(512);
    private byte[] _carry = new byte[4096];
    private int _carried;
    private long _lastToken;

    /// <summary>When the first token arrived, as a Stopwatch timestamp; 0 before it has.</summary>
    public long FirstToken { get; private set; }

    public int Tokens { get; private set; }

    /// <summary>Whether <c>data: [DONE]</c> was seen.</summary>
    public bool Done { get; private set; }

    /// <summary>Stopwatch ticks between one token and the next; 0 for tokens that came in one read.</summary>
    public IReadOnlyList<long> Gaps => _gaps;

    public void Reset()
    {
        _gaps.Clear();
        _carried = 0;
        _lastToken = 0;
        FirstToken = 0;
        Tokens = 0;
        Done = false;
    }

    /// <param name="body">The next bytes of the body, free of transfer framing.</param>
    /// <param name="now">When they were received.</param>
    public void Feed(ReadOnlySpan<byte> body, long now)
    {
        int end;
        while ((end = body.IndexOf((byte)'\n')) >= 0)
        {
            if (_carried == 0)
            {
                ReadLine(body[..end], now);
            }
            else
            {
                Carry(body[..end]);
                ReadLine(_carry.AsSpan(0, _carried), now);
                _carried = 0;
            }

            body = body[(end + 1)..];
        }

        Carry(body);
    }

    private void Carry(ReadOnlySpan<byte> part)
    {
        if (_carried + part.Length > _carry.Length)
        {
            Array.Resize(ref _carry, Math.Max(_carry.Length * 2, _carried + part.Length));
        }

        part.CopyTo(_carry.AsSpan(_carried));
        _carried += part.Length;
    }

    private void ReadLine(ReadOnlySpan<byte> line, long now)
    {
        if (!line.StartsWith("data:"u8))
        {
            return;
        }

        var data = line["data:"u8.Length..].Trim(" \r"u8);
        if (data.SequenceEqual("[DONE]"u8))
        {
            Done = true;
        }
        else if (HasContent(data))
        {
            if (Tokens++ == 0)
            {
                FirstToken = now;
            }
            else
            {
                _gaps.Add(now - _lastToken);
            }

            _lastToken = now;
        }
    }

    private static bool HasContent(ReadOnlySpan<byte> data)
    {
        var at = data.IndexOf("\"content\":"u8);
        if (at < 0)
        {
            return false;
        }

        var value = data[(at + "\"content\":"u8.Length)..].TrimStart((byte)' ');
        return value.Length >= 2 && value[0] == (byte)'"' && value[1] != (byte)'"';
    }
}
