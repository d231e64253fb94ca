using System.Text.Json;

namespace LlmGateway.Protocols.Json;

/// <summary>Steps shared by the forward-only readers.</summary>
internal static class JsonMembers
{
    /// <summary>Deeper nesting is refused as malformed; real answers stay below 20.</summary>
    public const int MaxDepth = 256;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    public static Utf8JsonReader Open(ReadOnlySpan<byte> json) => new(json, Options);

    /// <summary>Moves into the value when it is an object; otherwise steps over it.</summary>
    public static bool TryEnterObject(ref Utf8JsonReader reader) => TryEnter(ref reader, JsonTokenType.StartObject);

    /// <summary>Moves into the value when it is an array; otherwise steps over it.</summary>
    public static bool TryEnterArray(ref Utf8JsonReader reader) => TryEnter(ref reader, JsonTokenType.StartArray);

    /// <summary>Moves to the next member name of the object the reader is in; false at the end of the object.</summary>
    public static bool NextMember(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>Steps over the value after a member name.</summary>
    public static void SkipValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    private static bool TryEnter(ref Utf8JsonReader reader, JsonTokenType opening)
    {
        reader.Read();
        if (reader.TokenType == opening)
            return true;
        reader.Skip();
        return false;
    }
}
