using System.Text.Json;

namespace LlmGateway.Requests;

/// <summary>Writes what embeddings and legacy completions are asked about, always as a list: of texts, or of lists of tokens.</summary>
internal static class CanonicalInputs
{
    /// <summary>The value that the reader is at, to its end: a text, texts, tokens, or lists of them.</summary>
    public static CanonicalInput[] Read(ref Utf8JsonReader reader, ref FrameBuffer frames)
    {
        var inputs = new List<CanonicalInput>();
        frames.Add(FrameBuffer.Array);
        var first = frames.Length;
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            ReadOne(ref reader, ref frames, first, inputs);
        }
        else
        {
            ReadList(ref reader, ref frames, first, inputs);
        }

        frames.Add(FrameBuffer.End);
        return [.. inputs];
    }

    private static void ReadList(ref Utf8JsonReader reader, ref FrameBuffer frames, int first, List<CanonicalInput> inputs)
    {
        var listAt = (int)reader.TokenStartIndex;
        reader.Read();
        if (reader.TokenType is JsonTokenType.Number)
        {
            // The tokens of one input.
            frames.Add(FrameBuffer.Array);
            while (reader.TokenType is not JsonTokenType.EndArray)
            {
                frames.AddValue(ref reader);
                reader.Read();
            }

            frames.Add(FrameBuffer.End);
            inputs.Add(new CanonicalInput(new FrameRange(0, frames.Length - first), new BodyRange(listAt, (int)reader.BytesConsumed - listAt)));
            return;
        }

        while (reader.TokenType is not JsonTokenType.EndArray)
        {
            ReadOne(ref reader, ref frames, first, inputs);
            reader.Read();
        }
    }

    private static void ReadOne(ref Utf8JsonReader reader, ref FrameBuffer frames, int first, List<CanonicalInput> inputs)
    {
        var (at, start) = ((int)reader.TokenStartIndex, frames.Length);
        frames.AddValue(ref reader);
        inputs.Add(new CanonicalInput(
            new FrameRange(start - first, frames.Length - start), new BodyRange(at, (int)reader.BytesConsumed - at)));
    }
}
