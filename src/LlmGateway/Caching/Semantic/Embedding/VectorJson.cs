using System.Buffers.Binary;
using System.Text.Json;

namespace LlmGateway.Caching.Semantic.Embedding;

/// <summary>Reads a vector as providers write it: an array of numbers, or little-endian floats in base64, which some send whatever was asked for.</summary>
internal static class VectorJson
{
    /// <summary>More than any model has.</summary>
    private const int MostDimensions = 1 << 16;

    /// <returns>Null for what is neither, or too long.</returns>
    public static float[]? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            return !reader.Read() ? null
                : reader.TokenType is JsonTokenType.StartArray ? Numbers(ref reader)
                : reader.TokenType is JsonTokenType.String && reader.TryGetBytesFromBase64(out var bytes) ? Floats(bytes)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static float[]? Numbers(ref Utf8JsonReader reader)
    {
        var vector = new List<float>(1024);
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            if (reader.TokenType is not JsonTokenType.Number || !reader.TryGetSingle(out var number) || vector.Count == MostDimensions)
            {
                return null;
            }

            vector.Add(number);
        }

        return [.. vector];
    }

    private static float[]? Floats(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % sizeof(float) != 0 || bytes.Length > MostDimensions * sizeof(float))
        {
            return null;
        }

        var vector = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }

        return vector;
    }
}
