using System.Text.Json;
using LlmGateway.Protocols.Json;

namespace LlmGateway.Protocols.OpenAI.Answers;

/// <summary>Finds out which call, or which choice, a piece of one belongs to.</summary>
internal static class ToolCallPiece
{
    /// <summary>The <c>index</c> (-1 for none) and the <c>id</c> of the piece that a copy of the reader stands on.</summary>
    public static (int Index, byte[] Id) Read(Utf8JsonReader reader)
    {
        var index = -1;
        byte[] id = [];
        while (JsonMembers.NextMember(ref reader))
        {
            var isIndex = reader.ValueSpan.SequenceEqual("index"u8);
            var isId = reader.ValueSpan.SequenceEqual("id"u8);
            reader.Read();
            if (isIndex && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number))
                index = number;
            else if (isId && reader.TokenType == JsonTokenType.String && !reader.ValueSpan.IsEmpty)
                id = reader.ValueSpan.ToArray();
            reader.Skip();
        }

        return (index, id);
    }

    /// <summary>The <c>index</c> alone, which nearly always comes first; -1 for none.</summary>
    public static int ReadIndex(Utf8JsonReader reader)
    {
        while (JsonMembers.NextMember(ref reader))
        {
            var isIndex = reader.ValueSpan.SequenceEqual("index"u8);
            reader.Read();
            if (isIndex && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number))
                return number;
            reader.Skip();
        }

        return -1;
    }
}
