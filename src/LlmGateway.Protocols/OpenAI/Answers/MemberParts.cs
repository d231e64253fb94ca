using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Protocols.OpenAI.Answers;

/// <summary>The members of an object that arrives in pieces, in the order in which they were first seen. Strings are kept as JSON spells them,
/// so pieces join without being read: even halves of a surrogate pair do.</summary>
internal sealed class MemberParts(ByteBudget budget)
{
    // What one more member costs beside its bytes, or an answer of many empty ones would cost nothing.
    private const int Overhead = 64;

    private readonly List<MemberPart> _parts = [];

    public int Count => _parts.Count;

    public MemberPart this[int index] => _parts[index];

    public MemberPart? Find(ReadOnlySpan<byte> name)
    {
        foreach (var part in _parts)
        {
            if (name.SequenceEqual(part.Name))
                return part;
        }

        return null;
    }

    public MemberPart GetOrAdd(ReadOnlySpan<byte> name)
    {
        if (Find(name) is { } found)
            return found;
        budget.Take(name.Length + Overhead);
        var part = new MemberPart(name.ToArray());
        _parts.Add(part);
        return part;
    }

    /// <summary>Joins the value that the reader stands on to what there is; false when they cannot be joined.</summary>
    public bool TryJoin(MemberPart part, ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return true;
            case JsonTokenType.String when part.Kind is PartKind.Null or PartKind.Text:
                part.Kind = PartKind.Text;
                Append(part, reader.ValueSpan);
                return true;
            case JsonTokenType.StartArray when part.Kind is PartKind.Null or PartKind.Items:
                part.Kind = PartKind.Items;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (!part.Raw.IsEmpty)
                        part.Value.Write(","u8);
                    Copy(part, ref reader);
                }

                return true;
            case JsonTokenType.String or JsonTokenType.StartArray:
                return false;
            default:
                return part.Kind is PartKind.Null or PartKind.Other && Replace(part, ref reader);
        }
    }

    /// <summary>Puts the value that the reader stands on in the place of what there is, unless it says nothing (null, an empty string).</summary>
    public bool Replace(MemberPart part, ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return true;
        if (reader.TokenType != JsonTokenType.String)
        {
            part.Kind = PartKind.Other;
            part.Clear();
            Copy(part, ref reader);
            return true;
        }

        if (part.Kind is PartKind.Null || !reader.ValueSpan.IsEmpty)
        {
            part.Kind = PartKind.Text;
            part.Clear();
            Append(part, reader.ValueSpan);
        }

        return true;
    }

    /// <summary>Takes a name that comes whole or in pieces: a piece that only says again what is there is not joined.</summary>
    public bool TryJoinOnce(MemberPart part, ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.SequenceEqual(part.Raw))
        {
            part.Kind = PartKind.Text;
            return true;
        }

        return TryJoin(part, ref reader);
    }

    private void Append(MemberPart part, ReadOnlySpan<byte> raw)
    {
        if (raw.IsEmpty)
            return;
        budget.Take(raw.Length);
        part.Value.Write(raw);
    }

    private void Copy(MemberPart part, ref Utf8JsonReader reader)
    {
        var before = part.Value.WrittenCount;
        RawJson.Copy(ref reader, part.Value);
        budget.Take(part.Value.WrittenCount - before);
    }
}
