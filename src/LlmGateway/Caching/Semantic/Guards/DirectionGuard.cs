using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>
/// From A to B is not from B to A, and A beats B not B beats A. Two words must have changed places around a third that both texts share, or
/// have changed roles; a sentence that is merely built in another order has not.
/// </summary>
internal sealed class DirectionGuard : IGuard
{
    public string Name => "direction";

    public bool Allows(TextFacts asked, TextFacts stored) => asked.Equality == stored.Equality
        || (!RolesChanged(asked.Terms, stored.Terms) && !RolesChanged(stored.Terms, asked.Terms) && !NeighboursChanged(asked.Terms, stored.Terms)
        && AsksForObject(asked) == AsksForObject(stored) && !AgentForObject(asked, stored) && !AgentForObject(stored, asked)
        && !Roles.Swapped(asked, stored) && !Roles.NeighboursExchanged(asked.Telling, stored.Telling) && !Roles.NeighboursExchanged(stored.Telling, asked.Telling)
        && !Roles.OwnerMoved(asked.Telling, stored.Telling) && !Roles.OwnerMoved(stored.Telling, asked.Telling)
        && !(asked.Language == Language.Chinese && stored.Language == Language.Chinese && ExchangedWords.Any(asked.Terms, stored.Terms))
        && !AgentChanged(asked.Terms, stored.Terms) && !AgentChanged(stored.Terms, asked.Terms) && !NumbersChanged(asked, stored));

    /// <summary>A word that comes from the one place in one text and goes there in the other.</summary>
    private static bool RolesChanged(Term[] a, Term[] b)
    {
        for (var i = 0; i + 1 < a.Length; i++)
        {
            if (a[i].Kind != ConceptKind.Case || !a[i].Means("from") || Head(a, i) is not { } head)
            {
                continue;
            }

            var (same, opposite) = (false, false);
            for (var j = 0; j + 1 < b.Length; j++)
            {
                if (b[j].Kind == ConceptKind.Case && Head(b, j) is { } other && head.Matches(other))
                {
                    same |= b[j].Means("from");
                    opposite |= b[j].Means("to");
                }
            }

            if (opposite && !same)
            {
                return true;
            }
        }

        return false;
    }

    private static Term? Head(Term[] terms, int at)
    {
        for (var i = at + 1; i < terms.Length && terms[i].Kind is not (ConceptKind.Case or ConceptKind.Joint); i++)
        {
            if (IsName(terms[i]))
            {
                return terms[i];
            }
        }

        return null;
    }

    private static bool NeighboursChanged(Term[] a, Term[] b)
    {
        for (var i = 1; i + 1 < a.Length; i++)
        {
            if (!IsPivot(a[i]))
            {
                continue;
            }

            for (var j = 1; j + 1 < b.Length; j++)
            {
                if (IsPivot(b[j]) && a[i].Matches(b[j]) && Left(a, i, b, j) && Right(a, i, b, j))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>"Who did Plato teach" asks for whom, "who taught Plato" for who.</summary>
    private static bool AsksForObject(TextFacts facts)
    {
        if (facts.Language == Language.Chinese)
        {
            return EndsInWhom(facts.Terms);
        }

        for (var i = 0; i + 2 < facts.Terms.Length; i++)
        {
            if (facts.Terms[i] is { Kind: ConceptKind.Question, IsHan: false } && facts.Terms[i].Means("who") && facts.Terms[i + 1].Text == "do" && !(i > 0 && facts.Terms[i - 1].Kind == ConceptKind.Case))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>"What do lions get eaten by" asks for who does it, "what do lions eat" for what it is done to.</summary>
    private static bool AgentForObject(TextFacts asked, TextFacts stored)
    {
        var by = Array.FindIndex(asked.Terms, static term => term.Kind == ConceptKind.Case && term.Means("by"));
        if (by < 0 || (by + 1 < asked.Terms.Length && asked.Terms[by + 1].Text != ","))
        {
            return false;
        }

        var question = Array.FindIndex(stored.Terms, static term => term is { Kind: ConceptKind.Question, IsHan: false } && (term.Means("what") || term.Means("who")));
        return question >= 0 && question + 1 < stored.Terms.Length && stored.Terms[question + 1].Text == "do";
    }

    /// <summary>巴西队打败了谁, and not 谁打败了巴西队 or 作者是谁.</summary>
    private static bool EndsInWhom(Term[] terms)
    {
        var who = Array.FindLastIndex(terms, static term => term is { Kind: ConceptKind.Question, IsHan: true } && term.Means("who"));
        if (who < 1 || Array.Exists(terms[(who + 1)..], IsVerb))
        {
            return false;
        }

        var before = terms[who - 1].Text is "了" or "过" or "着" && who > 1 ? terms[who - 2] : terms[who - 1];
        return IsVerb(before) && who > 1;

        static bool IsVerb(Term term) => term.Kind is ConceptKind.Content or ConceptKind.Implied;
    }

    /// <summary>A bites B, A is bitten by B: whom the passive names as doing it is on the other side of the verb in the active.</summary>
    private static bool AgentChanged(Term[] active, Term[] passive)
    {
        var by = Array.FindIndex(passive, static term => term.Kind == ConceptKind.Case && term.Means("by"));
        if (by < 0 || Head(passive, by) is not { } agent || Array.Exists(active, static term => term.Kind == ConceptKind.Case && term.Means("by")))
        {
            return false;
        }

        for (var i = 1; i + 1 < active.Length; i++)
        {
            if (IsPivot(active[i]) && InRun(agent, active, i, 1) && !InRun(agent, active, i, -1) && LeftOfIs(active, i, passive, by))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the verb and something before it in the active stand before the agent in the passive, too.</summary>
    private static bool LeftOfIs(Term[] active, int verb, Term[] passive, int by)
    {
        var found = false;
        for (var k = verb - 1; k >= 0 && !Ends(active[k]); k--)
        {
            found |= IsName(active[k]) && InRun(active[k], passive, by, -1);
        }

        return found && Array.Exists(passive, term => active[verb].Matches(term));
    }

    private static bool IsPivot(in Term term) => term.Kind is ConceptKind.Content or ConceptKind.Implied or ConceptKind.Time or ConceptKind.Light && !term.IsNumber
        || (term.Kind == ConceptKind.Quantifier && (term.Means("more than") || term.Means("less than")))
        || (term.Kind == ConceptKind.Case && !term.Means("in") && !term.Means("of") && !term.Means("about"));

    private static bool IsName(in Term term) => !Manner.Is(term) && term.Kind is ConceptKind.Content or ConceptKind.Implied or ConceptKind.Unit or ConceptKind.Language;

    /// <summary>Whether a word left of the pivot here is right of it there, and nothing of the kind is on its old side.</summary>
    private static bool Left(Term[] a, int i, Term[] b, int j)
    {
        for (var k = i - 1; k >= 0 && (Skips(a, i, k) || !Ends(a[k])); k--)
        {
            if (IsName(a[k]) && InRun(a[k], b, j, 1) && !InRun(a[k], b, j, -1) && !InRun(a[k], a, i, 1))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Right(Term[] a, int i, Term[] b, int j)
    {
        for (var k = i + 1; k < a.Length && (Skips(a, i, k) || !Ends(a[k])); k++)
        {
            if (IsName(a[k]) && InRun(a[k], b, j, -1) && !InRun(a[k], b, j, 1) && !InRun(a[k], a, i, -1))
            {
                return true;
            }
        }

        return false;
    }

    private static bool InRun(in Term term, Term[] terms, int at, int step)
    {
        for (var k = at + step; k >= 0 && k < terms.Length && (Skips(terms, at, k) || !Ends(terms[k])); k += step)
        {
            if (IsName(terms[k]) && term.Matches(terms[k]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>比用 and "than with": one word of place may follow another.</summary>
    private static bool Skips(Term[] terms, int pivot, int at) => terms[pivot].Kind == ConceptKind.Case && terms[at].Kind == ConceptKind.Case && Math.Abs(pivot - at) == 1;

    private static bool Ends(in Term term) => term.Kind is ConceptKind.Case or ConceptKind.Joint;

    /// <summary>The year before the day or behind it.</summary>
    private static bool IsDate(decimal one, decimal other) => Math.Max(one, other) is >= 1_000 and < 3_000 && Math.Min(one, other) is > 0 and <= 31 && one % 1 == 0;

    /// <summary>Numbers that only commas and an "and" part, from the one to the other, are a list, whose order says nothing.</summary>
    private static bool Listed(Term[] terms, int from, int to)
    {
        var number = -1;
        foreach (ref readonly var term in terms.AsSpan())
        {
            number += term.IsNumber ? 1 : 0;
            if (number >= from && number < to && !term.IsNumber && term.Kind != ConceptKind.Joint)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The same numbers of the same unit in another order: 5 minus 3.</summary>
    private static bool NumbersChanged(TextFacts asked, TextFacts stored)
    {
        var (a, b) = (asked.Numbers, stored.Numbers);
        if (a.Length != b.Length || a.Length < 2)
        {
            return false;
        }

        for (var i = 0; i < a.Length; i++)
        {
            if (!ReferenceEquals(a[i].Unit, b[i].Unit))
            {
                return false;
            }
        }

        var (first, last) = (-1, -1);
        for (var i = 0; i < a.Length; i++)
        {
            if (a[i].Value != b[i].Value)
            {
                (first, last) = (first < 0 ? i : first, i);
            }
        }

        return first >= 0 && !IsDate(a[first].Value, b[first].Value) && !(Listed(asked.Terms, first, last) && Listed(stored.Terms, first, last));
    }
}
