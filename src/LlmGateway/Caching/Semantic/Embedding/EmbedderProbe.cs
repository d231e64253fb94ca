using System.Globalization;

namespace LlmGateway.Caching.Semantic.Embedding;

/// <summary>
/// Looks whether an embedder tells texts apart, in English and in Chinese. A model without Chinese in its vocabulary makes the same vector of
/// every Chinese text, and any question would be answered with the answer of any other; nothing else shows it.
/// </summary>
internal static class EmbedderProbe
{
    /// <summary>Texts on different things that are as near as this are not told apart.</summary>
    public const double MostOfStrangers = 0.98;

    /// <summary>By how much texts that mean the same must be nearer, on average, than texts on different things.</summary>
    public const double LeastLead = 0.05;

    /// <param name="context">Who pays for the probe.</param>
    public static async ValueTask<ProbeVerdict> RunAsync(IEmbedder embedder, EmbeddingContext context, CancellationToken cancellation)
    {
        var leads = new List<string>();
        foreach (var (language, pairs) in ProbeTexts.All)
        {
            // At once, so that they go in as few calls as may be.
            var asked = pairs.Select(pair => (embedder.EmbedAsync(pair.One, context, cancellation).AsTask(), embedder.EmbedAsync(pair.Other, context, cancellation).AsTask())).ToArray();
            var found = new List<(EmbeddingResult One, EmbeddingResult Other)>();
            foreach (var (one, other) in asked)
            {
                found.Add((await one, await other));
            }

            if (Without(language, found) is { } missing)
            {
                return missing;
            }

            var (verdict, lead) = Judge(language, pairs, [.. found.Select(pair => (pair.One.Vector, pair.Other.Vector))]);
            if (verdict is { } unfit)
            {
                return unfit;
            }

            leads.Add(lead);
        }

        return new(ProbeState.Fit, string.Join("; ", leads));
    }

    private static ProbeVerdict? Without(string language, List<(EmbeddingResult One, EmbeddingResult Other)> found)
    {
        var gaps = found.SelectMany(pair => new[] { pair.One.Gap, pair.Other.Gap }).Where(gap => gap is not EmbeddingGap.None).ToArray();
        return gaps.Length == 0 ? null : gaps.FirstOrDefault(IsItsFault) switch
        {
            EmbeddingGap.None => new(ProbeState.Unknown, $"there was no answer for a text in {language} ({gaps[0]})"),
            EmbeddingGap.WrongLength => new(ProbeState.Unfit, $"its vectors have other dimensions than are configured"),
            EmbeddingGap.NotFinite => new(ProbeState.Unfit, $"its vectors hold infinities, or what is not a number, for texts in {language}"),
            _ => new(ProbeState.Unfit, $"its vectors of texts in {language} are zero"),
        };
    }

    private static bool IsItsFault(EmbeddingGap gap) =>
        gap is EmbeddingGap.WrongLength or EmbeddingGap.NotFinite or EmbeddingGap.Zero or EmbeddingGap.Empty;

    private static (ProbeVerdict? Unfit, string Lead) Judge(
        string language, (string One, string Other)[] pairs, (ReadOnlyMemory<float> One, ReadOnlyMemory<float> Other)[] vectors)
    {
        var (same, strangers, count) = (0d, 0d, 0);
        for (var i = 0; i < vectors.Length; i++)
        {
            same += UnitVector.Cosine(vectors[i].One.Span, vectors[i].Other.Span) / vectors.Length;
            for (var j = 0; j < vectors.Length; j++)
            {
                if (i == j)
                {
                    continue;
                }

                var cosine = UnitVector.Cosine(vectors[i].One.Span, vectors[j].Other.Span);
                if (cosine > MostOfStrangers)
                {
                    return (new(ProbeState.Unfit, $"it does not tell \"{pairs[i].One}\" from \"{pairs[j].Other}\" (cosine {Number(cosine)}): it may not know {language}"), "");
                }

                strangers += cosine;
                count++;
            }
        }

        strangers /= count;
        var lead = $"{language} texts that mean the same have a cosine of {Number(same)} on average, and texts on different things {Number(strangers)}";
        return same - strangers < LeastLead ? (new(ProbeState.Unfit, lead), "") : (null, lead);
    }

    private static string Number(double cosine) => cosine.ToString("0.00", CultureInfo.InvariantCulture);
}
