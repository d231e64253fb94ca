using System.Buffers;

namespace LlmGateway.Streaming;

/// <summary>Where a new text goes on behind a delivered one: up to there they must be equal, what comes behind is new.</summary>
internal sealed class TextSeam
{
    private readonly ArrayBufferWriter<byte> _delivered;
    private readonly int _end;
    private int _at;

    /// <param name="delivered">What the client has; what is new is put behind it.</param>
    /// <param name="repeats">The new text begins where the delivered one began; otherwise where it broke off.</param>
    public TextSeam(ArrayBufferWriter<byte> delivered, bool repeats)
    {
        _delivered = delivered;
        _end = delivered.WrittenCount;
        _at = repeats ? 0 : _end;
    }

    /// <summary>The new text has not yet said all that was delivered.</summary>
    public bool IsBehind => _at < _end;

    /// <summary>Takes a piece of the new text, unescaped; false where it departs from the delivered one.</summary>
    /// <param name="text">UTF-8. Both texts are whole characters, so a piece is never cut inside one.</param>
    /// <param name="fresh">What of it the client does not have yet; it counts as delivered from now on.</param>
    public bool TryTake(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> fresh)
    {
        var known = Math.Min(text.Length, _end - _at);
        fresh = text[known..];
        if (!text[..known].SequenceEqual(_delivered.WrittenSpan.Slice(_at, known)))
        {
            return false;
        }

        _at += known;
        _delivered.Write(fresh);
        return true;
    }
}
