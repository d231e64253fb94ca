using LlmGateway.Simulator.Wire;

namespace LlmGateway.Simulator.Answers;

/// <summary>
/// A unit vector made from the words and letter triples of a text: the same text has the same vector, and texts that share words lie close,
/// so that a semantic cache or search has something to find.
/// </summary>
internal static class Embedding
{
    private const int WordFeatures = 8;
    private const int TripleFeatures = 2;
    private const float WordWeight = 3;

    public static void Fill(Span<float> vector, ReadOnlySpan<byte> text)
    {
        vector.Clear();
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && IsWord(text[i]))
            {
                continue;
            }

            if (i > start)
            {
                AddWord(vector, text[start..i]);
            }

            start = i + 1;
        }

        Normalise(vector, Hash64.Of(text, 3));
    }

    // Letters and digits; everything beyond ASCII counts as a letter.
    private static bool IsWord(byte b) => b >= 0x80 || char.IsAsciiLetterOrDigit((char)b);

    private static void AddWord(Span<float> vector, ReadOnlySpan<byte> word)
    {
        ulong hash = 0;
        ulong triple = 0;
        for (int i = 0; i < word.Length; i++)
        {
            byte lower = word[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(word[i] | 0x20) : word[i];
            hash = Hash64.Mix(hash ^ lower);
            triple = ((triple << 8) | lower) & 0xFFFFFF;
            if (i >= 2)
            {
                Scatter(vector, Hash64.Mix(triple), TripleFeatures, 1);
            }
        }

        Scatter(vector, hash, WordFeatures, WordWeight);
    }

    private static void Scatter(Span<float> vector, ulong hash, int features, float weight)
    {
        for (int i = 0; i < features; i++)
        {
            hash = Hash64.Mix(hash);
            vector[(int)((hash >> 1) % (ulong)vector.Length)] += (hash & 1) == 0 ? weight : -weight;
        }
    }

    private static void Normalise(Span<float> vector, ulong hash)
    {
        double squares = 0;
        foreach (float value in vector)
        {
            squares += (double)value * value;
        }

        if (squares == 0)
        {
            vector[(int)(hash % (ulong)vector.Length)] = 1;
            return;
        }

        float scale = (float)(1 / Math.Sqrt(squares));
        foreach (ref float value in vector)
        {
            value *= scale;
        }
    }
}
