namespace LlmGateway.Protocols.Json;

/// <summary>What stands before the JSON of a body.</summary>
internal static class JsonBody
{
    /// <summary>The first byte that is neither byte order mark nor blank: DeepSeek and Spark send empty lines while they queue.</summary>
    public static int Start(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
        var skip = body.StartsWith(byteOrderMark) ? byteOrderMark.Length : 0;
        var blanks = body[skip..].IndexOfAnyExcept(" \t\r\n"u8);
        return blanks < 0 ? body.Length : skip + blanks;
    }
}
