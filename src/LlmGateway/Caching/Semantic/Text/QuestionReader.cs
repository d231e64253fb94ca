namespace LlmGateway.Caching.Semantic.Text;

/// <summary>Which kinds of answer the terms ask for.</summary>
internal static class QuestionReader
{
    private const QuestionTypes Open = QuestionTypes.Help | QuestionTypes.Name;

    public static QuestionTypes Read(List<Term> terms)
    {
        var found = QuestionTypes.None;
        var requested = false;
        var opened = false;
        var particle = false;
        var clause = false;
        var subordinate = QuestionTypes.None;
        for (var i = 0; i < terms.Count; i++)
        {
            var term = terms[i];
            if (term is { Kind: ConceptKind.Joint, Text: "," })
            {
                opened = false;
                continue;
            }

            if (term.Kind == ConceptKind.Request)
            {
                requested |= !term.IsHan || Asks(term.Text);
                found |= term.Text == "nam" ? QuestionTypes.Name : QuestionTypes.None;
                continue;
            }

            if (term.Kind == ConceptKind.Question)
            {
                var type = TypeOf(term.Senses[0].Name);
                if (type == QuestionTypes.When && !term.IsHan && !(i + 1 < terms.Count && terms[i + 1].Has(TermTraits.Auxiliary)))
                {
                    // "When X happens, what …": a question only where there is no other.
                    clause = true;
                    continue;
                }

                particle |= type == QuestionTypes.Whether && term.Text is "吗" or "嘛" or "么";
                subordinate |= type;
                type = type == QuestionTypes.How && !term.IsHan && AsksForNoWay(terms, i) ? QuestionTypes.What : type;
                found |= Subordinate(type, term, opened, found) || (term.Text is "吗" or "嘛" or "么") ? QuestionTypes.None : type;
            }
            else if (!opened && term.Has(TermTraits.Auxiliary) && Begins(terms, i) && (found & ~Open) == 0)
            {
                found |= QuestionTypes.Whether;
            }

            opened |= term.Kind is not ConceptKind.Stop and not ConceptKind.Joint and not ConceptKind.Case;
        }

        // 可以告诉我…吗 asks for what, not whether.
        if (particle && !requested && (found & ~(QuestionTypes.What | Open)) == 0)
        {
            found |= QuestionTypes.Whether;
        }

        if ((found & ~QuestionTypes.Name) == 0 && (subordinate & (QuestionTypes.Who | QuestionTypes.Where)) != 0)
        {
            // "Radium was discovered by whom?"
            return subordinate & (QuestionTypes.Who | QuestionTypes.Where);
        }

        return clause && (found & ~Open) == 0 ? found | QuestionTypes.When : found;
    }

    /// <summary>"How is it defined", "how do they compare": what is asked for is a thing, not a way.</summary>
    private static bool AsksForNoWay(List<Term> terms, int how)
    {
        for (var i = how + 1; i < terms.Count && terms[i].Text != ","; i++)
        {
            if (terms[i].Text is "defin" or "differ" or "call" || terms[i].Text.StartsWith("compar", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Only what opens the clause turns it into a question: "have you seen", not "I have seen".</summary>
    private static bool Begins(List<Term> terms, int at) => at == 0 || terms[at - 1].Kind is ConceptKind.Request or ConceptKind.Joint or ConceptKind.Question || terms[at - 1].Text is "if" or "so";

    /// <summary>"People who", "the day when": no question of their own.</summary>
    private static bool Subordinate(QuestionTypes type, in Term term, bool opened, QuestionTypes found) =>
        !term.IsHan && opened && (type is QuestionTypes.Who or QuestionTypes.Where or QuestionTypes.When)
        || (type == QuestionTypes.When && (found & ~QuestionTypes.Name) != 0 && !term.IsHan)
        || (type == QuestionTypes.What && (found & ~QuestionTypes.Name) != 0);

    /// <summary>可以告诉我…吗, 你知道…吗: the particle belongs to the request. After 请问 or 我想知道 it does not.</summary>
    private static bool Asks(string request) => request[0] is '能' or '可' or '方' or '你' or '您' or '谁' or '有' or '是' or '知' || request.Contains('能', StringComparison.Ordinal) || request.Contains("可以", StringComparison.Ordinal);

    private static QuestionTypes TypeOf(string name) => name switch
    {
        "who" => QuestionTypes.Who,
        "when" => QuestionTypes.When,
        "where" => QuestionTypes.Where,
        "why" => QuestionTypes.Why,
        "how" => QuestionTypes.How,
        "amount" => QuestionTypes.Amount,
        "duration" => QuestionTypes.Duration,
        "whether" => QuestionTypes.Whether,
        "help" => QuestionTypes.Help,
        "exist any" => QuestionTypes.None,
        _ => QuestionTypes.What,
    };
}
