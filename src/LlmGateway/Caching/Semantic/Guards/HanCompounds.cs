using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>Chinese words that are several: 生日礼物 is said where 生日 and 礼物 are, and 坐飞机 where 飞机 is.</summary>
internal static class HanCompounds
{
    private const int Shortest = 3;
    private const int Longest = 8;

    /// <summary>Say only what kind of thing the name before them is: 茅台酒, 成都市.</summary>
    private const string Kinds = "酒茶树鱼市省县症病";

    public static bool HasCounterpart(in Term term, TextFacts other) => IsWithin(term, other) || IsSaidInParts(term.Text, other, whole: true);

    /// <summary>A synonym of this is part of a longer word there.</summary>
    private static bool IsWithin(in Term term, TextFacts other)
    {
        if (!term.IsKnown)
        {
            return false;
        }

        foreach (ref readonly var candidate in other.Terms.AsSpan())
        {
            if (!candidate.IsHan || candidate.Text.Length is < Shortest or > Longest)
            {
                continue;
            }

            for (var cut = 1; cut < candidate.Text.Length; cut++)
            {
                var first = candidate.Text.AsSpan(0, cut);
                var second = candidate.Text.AsSpan(cut);
                if (((cut > 1 || IsWord(second)) && Means(first, term)) || ((second.Length > 1 || IsWord(first)) && Means(second, term))
                    || (term.Text.Length == 1 && ((first.SequenceEqual(term.Text) && IsWord(second)) || (second.SequenceEqual(term.Text) && IsWord(first)))))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsWord(ReadOnlySpan<char> part) => part.Length > 1 && Lexicon.Default.Find(part) is not null;

    private static bool Means(ReadOnlySpan<char> part, in Term term)
    {
        if (Lexicon.Default.Find(part) is { } entry)
        {
            foreach (var sense in entry.Senses)
            {
                if (Array.IndexOf(term.Senses, sense) >= 0)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsSaidInParts(ReadOnlySpan<char> text, TextFacts other, bool whole)
    {
        if (whole && text.Length is < Shortest or > Longest)
        {
            return false;
        }

        for (var cut = 1; cut < text.Length; cut++)
        {
            if (IsSaid(text[..cut], other) && ((whole && cut > 1 && text.Length == cut + 1 && Kinds.Contains(text[cut], StringComparison.Ordinal)) || IsSaid(text[cut..], other) || (text.Length - cut > 1 && IsSaidInParts(text[cut..], other, whole: false))))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSaid(ReadOnlySpan<char> part, TextFacts other)
    {
        if (Lexicon.Default.Find(part) is not { Parts: null } entry || (part.Length == 1 && entry.Kind is ConceptKind.Measure or ConceptKind.Negation))
        {
            return false;
        }

        if (entry.Kind is ConceptKind.Stop or ConceptKind.Light or ConceptKind.Implied or ConceptKind.Case)
        {
            return true;
        }

        foreach (ref readonly var candidate in other.Terms.AsSpan())
        {
            if (candidate.IsHan && (part.SequenceEqual(candidate.Text) || Means(part, candidate)))
            {
                return true;
            }
        }

        return part.Length > 1 && other.Equality.AsSpan().Contains(part, StringComparison.Ordinal);
    }
}
