using System.Collections.Frozen;

namespace LlmGateway.Caching.Semantic.Text;

/// <summary>
/// Leaves out what people say around a Chinese question: 昨天跟朋友聊起来的, 我真是服了. Such clauses have no end of wordings but a small vocabulary, so that
/// one is known by all its words: one of talk, the others of company, time and grammar. A clause that says anything else stays whole.
/// </summary>
internal static class SmallTalk
{
    private static readonly FrozenSet<string> Core = Section("[core]");

    private static readonly FrozenSet<string> With = Section("[with]");

    public static void Drop(List<Term> terms)
    {
        var kept = 0;
        var told = false;
        for (var start = 0; start < terms.Count;)
        {
            var end = start;
            var (talk, all, asks, matters) = (false, true, false, false);
            for (; end < terms.Count && !Parts(terms[end]); end++)
            {
                var term = terms[end];
                talk |= term.Kind == ConceptKind.Request || (term.IsHan && Core.Contains(term.Text));
                all &= Belongs(term);
                asks |= term.Kind is ConceptKind.Question && !Core.Contains(term.Text);
                matters |= term.Kind is ConceptKind.Content;
            }

            // The last clause stands for the question if nothing else does.
            var drop = talk && all && !asks && matters && (told || HasMore(terms, end));
            told |= !drop && end > start && (matters || asks);
            for (var i = start; i < Math.Min(end + 1, terms.Count); i++)
            {
                if (!drop)
                {
                    terms[kept++] = terms[i];
                }
            }

            start = end + 1;
        }

        terms.RemoveRange(kept, terms.Count - kept);
    }

    private static bool Belongs(in Term term) => term.Kind switch
    {
        ConceptKind.Request or ConceptKind.Stop or ConceptKind.Case or ConceptKind.Joint => true,
        ConceptKind.Negation or ConceptKind.Language or ConceptKind.Unit => Listed(term),
        _ when term.IsNumber => term.Text == "1",
        ConceptKind.Light or ConceptKind.Modal when term.IsHan => true,
        _ => Listed(term),
    };

    private static bool Listed(in Term term) => term.IsHan && (Core.Contains(term.Text) || With.Contains(term.Text));

    private static bool Parts(in Term term) => term is { Kind: ConceptKind.Joint, Text: "," };

    private static bool HasMore(List<Term> terms, int at)
    {
        for (; at < terms.Count; at++)
        {
            if (terms[at].Kind is ConceptKind.Content or ConceptKind.Question && !Listed(terms[at]))
            {
                return true;
            }
        }

        return false;
    }

    private static FrozenSet<string> Section(string name)
    {
        var words = new HashSet<string>();
        var here = false;
        foreach (var line in LexiconFiles.Lines("talk-zh.txt"))
        {
            if (line[0] == '[')
            {
                here = line == name;
            }
            else if (here)
            {
                words.UnionWith(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
        }

        return words.ToFrozenSet();
    }
}
