using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using LlmGateway.Protocols.Json;

namespace LlmGateway.Protocols.OpenAI.Answers;

/// <summary>The answer of an embeddings endpoint, taken apart so that each vector can be kept by itself. Ranges count from the body's start.</summary>
public sealed class EmbeddingAnswer
{
    private EmbeddingAnswer()
    {
    }

    /// <summary>The vectors, in the order of their inputs: one for each, none missing.</summary>
    public IReadOnlyList<EmbeddingVector> Vectors { get; private set; } = [];

    /// <summary>The content of <c>model</c>, a JSON string without its quotes; empty when there is none.</summary>
    public ByteRange Model { get; private set; }

    /// <summary>The <c>usage</c> object; empty when there is none.</summary>
    public ByteRange Usage { get; private set; }

    /// <summary>Takes an answer apart; false for one that tells of a failure, or does not hold one vector for each input.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, [NotNullWhen(true)] out EmbeddingAnswer? answer)
    {
        answer = null;
        AnswerScanner.Scan(body, out var facts);
        if (facts.IsMalformed || facts.HasError)
            return false;
        var start = JsonBody.Start(body);
        var found = new EmbeddingAnswer();
        var vectors = new List<EmbeddingVector>();
        var reader = JsonMembers.Open(body[start..]);
        reader.Read();
        while (JsonMembers.NextMember(ref reader))
        {
            var name = reader.ValueSpan;
            if (name.SequenceEqual("data"u8))
            {
                if (!TryReadVectors(ref reader, start, vectors))
                    return false;
                continue;
            }

            reader.Read();
            var range = ValueAt(ref reader, start, out var type);
            if (name.SequenceEqual("model"u8) && type == JsonTokenType.String)
                found.Model = new ByteRange(range.Offset + 1, range.Length - 2);
            else if (name.SequenceEqual("usage"u8) && type == JsonTokenType.StartObject)
                found.Usage = range;
        }

        vectors.Sort(static (a, b) => a.Index.CompareTo(b.Index));
        for (var i = 0; i < vectors.Count; i++)
        {
            if (vectors[i].Index != i)
                return false;
        }

        found.Vectors = vectors;
        answer = found;
        return vectors.Count > 0;
    }

    private static bool TryReadVectors(ref Utf8JsonReader reader, int start, List<EmbeddingVector> vectors)
    {
        if (!JsonMembers.TryEnterArray(ref reader))
            return false;
        for (var place = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; place++)
        {
            var (index, value) = (place, default(ByteRange));
            if (reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (JsonMembers.NextMember(ref reader))
            {
                var name = reader.ValueSpan;
                reader.Read();
                if (name.SequenceEqual("index"u8) && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number))
                    index = number;
                var range = ValueAt(ref reader, start, out var type);
                if (name.SequenceEqual("embedding"u8) && type is JsonTokenType.String or JsonTokenType.StartArray)
                    value = range;
            }

            if (value.IsEmpty)
                return false;
            vectors.Add(new EmbeddingVector(index, value));
        }

        return true;
    }

    private static ByteRange ValueAt(ref Utf8JsonReader reader, int start, out JsonTokenType type)
    {
        type = reader.TokenType;
        var at = (int)reader.TokenStartIndex;
        reader.Skip();
        return new ByteRange(start + at, (int)reader.BytesConsumed - at);
    }
}
