using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>
/// Two texts word by word: what is left in the middle when the words that both begin with and both end with are taken away. Of texts that are
/// the same but for one place this is the place, and shows what was done to it.
/// </summary>
internal readonly ref struct Wording
{
    public Wording(TextFacts asked, TextFacts stored)
    {
        ReadOnlySpan<Term> a = asked.Telling;
        ReadOnlySpan<Term> b = stored.Telling;
        var shorter = Math.Min(a.Length, b.Length);
        var begin = 0;
        while (begin < shorter && Same(a[begin], b[begin]))
        {
            begin++;
        }

        var end = 0;
        while (end < shorter - begin && Same(a[^(end + 1)], b[^(end + 1)]))
        {
            end++;
        }

        Asked = a[begin..^end];
        Stored = b[begin..^end];
        Shared = begin + end;
        IsAfterTime = begin > 0 && a[begin - 1].Kind == ConceptKind.Time;
    }

    /// <summary>What only the one has.</summary>
    public ReadOnlySpan<Term> Asked { get; }

    /// <summary>What the other has in its place.</summary>
    public ReadOnlySpan<Term> Stored { get; }

    /// <summary>How many words both begin or end with.</summary>
    public int Shared { get; }

    /// <summary>Whether it follows a word such as "after", which the first word of it then belongs to.</summary>
    public bool IsAfterTime { get; }

    public static bool Same(in Term a, in Term b) => a.IsNumber || b.IsNumber ? a.IsNumber && b.IsNumber && a.Text == b.Text : a.Matches(b);
}
