using System.Text.Json;
using LlmGateway.Simulator.Wire;

namespace LlmGateway.Simulator.Reading;

/// <summary>The text of a prompt, unescaped and strung together: what tokens are counted from, prefixes cached by, and answers quoted from.</summary>
internal sealed class PromptText : IDisposable
{
    private readonly Utf8Buffer _text = new(2048);

    public int Length => _text.Length;

    public ReadOnlySpan<byte> Span => _text.Span;

    public Range LastUser { get; set; }

    /// <summary>Adds the string at which the reader stands.</summary>
    public void Add(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped && !reader.HasValueSequence)
        {
            _text.Add(reader.ValueSpan);
            return;
        }

        int written = reader.CopyString(_text.GetSpan(reader.ValueSpan.Length));
        _text.Advance(written);
    }

    /// <summary>Adds the number at which the reader stands as a word, so that token ids have a text of a kind.</summary>
    public void AddToken(ref Utf8JsonReader reader) => _text.Add((byte)' ').Add(reader.ValueSpan);

    public void Dispose() => _text.Dispose();
}
