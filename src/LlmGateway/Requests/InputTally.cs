using System.Text.Json;
using LlmGateway.Catalog;

namespace LlmGateway.Requests;

/// <summary>
/// Counts what a model would have to read, by sizes alone: a token for each four bytes of text, four for the frame of a message, and a constant
/// for what is not text. It routes and reserves; nobody is billed by it. English is met within a fifth; Chinese (three bytes a character, 0.6
/// to 1 token) about as well; code and numbers run up to a third higher than counted.
/// </summary>
internal struct InputTally
{
    public const int BytesPerToken = 4;
    public const int TokensPerMessage = 4;
    public const int TokensPerImage = 800;
    public const int TokensPerAudio = 500;
    public const int TokensPerFile = 2000;

    private long _textBytes;
    private long _tokens;

    /// <summary>What the content asks of a deployment.</summary>
    public Capabilities Needs { get; set; }

    public readonly long Tokens => _tokens + (_textBytes + BytesPerToken - 1) / BytesPerToken;

    public void AddTokens(long count) => _tokens += count;

    /// <summary>Counts the name or string that the reader is at. A base64 <c>data:</c> URI is no text.</summary>
    public void AddText(in Utf8JsonReader reader)
    {
        if (!IsData(reader))
        {
            _textBytes += JsonText.UnescapedLength(reader);
        }
    }

    /// <summary>Counts the strings of the value that the reader is at, and their names where <paramref name="names"/>; leaves it at the value's end.</summary>
    public void AddValue(ref Utf8JsonReader reader, bool names = false)
    {
        if (reader.TokenType is JsonTokenType.String)
        {
            AddText(reader);
        }
        else if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            var depth = reader.CurrentDepth;
            while (reader.Read() && reader.CurrentDepth > depth)
            {
                if (reader.TokenType is JsonTokenType.String || (names && reader.TokenType is JsonTokenType.PropertyName))
                {
                    AddText(reader);
                }
            }
        }
    }

    public static bool IsData(in Utf8JsonReader reader) =>
        reader.ValueSpan.StartsWith("data:"u8) && reader.ValueSpan[..Math.Min(reader.ValueSpan.Length, 128)].IndexOf(";base64,"u8) > 0;
}
