using System.Globalization;

namespace LlmGateway.Caching.Semantic.Text;

/// <summary>Numbers with what follows them: suffix, multiplier, unit, counting word, half of the day.</summary>
internal sealed class NumberReader(Lexicon lexicon)
{
    private Concept? _currency;

    public List<Quantity> Quantities { get; } = [];

    public void Add(Quantity quantity, List<Term> terms)
    {
        if (terms.Count > 0 && terms[^1].IsNumber && Quantities[^1] is { Unit.Name: "oclock" } hour && quantity.Value < 60 && quantity.Unit is null or { Name: "minute" })
        {
            // 八点三十分 and 8点30 are one time.
            Change(hour with { Value = hour.Value + (quantity.Value / 60) }, terms);
            return;
        }

        Quantities.Add(quantity);
        terms.Add(new Term(quantity.Value.ToString("0.####", CultureInfo.InvariantCulture), ConceptKind.Content, Term.NoSenses, TermTraits.None, IsNumber: true));
    }

    /// <summary>A currency sign stands before its number.</summary>
    public bool Currency(string sign)
    {
        if (sign is not ("$" or "\u20AC" or "\u00A3" or "\u00A5"))
        {
            return false;
        }

        _currency = lexicon.Find(sign)?.Senses[0];
        return _currency is not null && (SetUnit(sign, replace: false) || true);
    }

    /// <summary>A sign right after a number is its unit.</summary>
    public bool SetUnit(string sign, bool replace = true)
    {
        if (Quantities.Count == 0 || Quantities[^1].Unit is not null || !replace)
        {
            return false;
        }

        Quantities[^1] = Quantities[^1] with { Unit = lexicon.Find(sign)?.Senses[0], Text = null };
        return true;
    }

    /// <summary>Digits at <paramref name="at"/>; gives the piece after all that belongs to them.</summary>
    public int Digits(List<Piece> pieces, int at, List<Term> terms)
    {
        var text = pieces[at].Text;
        at++;
        if (NumberForms.Fraction(text) is var fraction and > 0)
        {
            at += at + 1 < pieces.Count && pieces[at].Text == "of" && UnitAt(pieces, at + 1).Unit is not null ? 1 : 0;
            return After(pieces, at, fraction, null, weak: false, terms, clock: false);
        }

        if (Date(text, terms))
        {
            return at;
        }

        if (text.Length > 24 || !decimal.TryParse(text.Replace(",", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
        {
            // An address, a version of three parts, a number beyond numbers: text.
            terms.Add(new Term(text, ConceptKind.Content, Term.NoSenses, TermTraits.Capital));
            return at;
        }

        if (at + 1 < pieces.Count && pieces[at].Has(TermTraits.Glued) && pieces[at].Text == "e" && pieces[at + 1] is { Kind: RawTokenKind.Number, Text: { Length: <= 2 } power })
        {
            value *= NumberForms.Power(10, int.Parse(power, CultureInfo.InvariantCulture));
            at += 2;
        }
        else if (at + 1 < pieces.Count && pieces[at].Text == "^" && pieces[at + 1] is { Kind: RawTokenKind.Number, Text: { Length: 1 } exponent } && value <= 100)
        {
            value = NumberForms.Power(value, exponent[0] - '0');
            at += 2;
        }
        else if (value < 1_000 && at < pieces.Count && pieces[at] is { Kind: RawTokenKind.Number } part && NumberForms.Fraction(part.Text) is > 0 and < 1 and var rest)
        {
            // 1 1/2.
            value += rest;
            at++;
        }

        if (NumberForms.RaisedTo(pieces, at) is var (degree, words) && words > 0 && value <= 100)
        {
            (value, at) = (NumberForms.Power(value, degree), at + words);
        }

        var exact = text.Contains('.', StringComparison.Ordinal) && text[^1] == '0' ? text : null;
        if (at + 1 < pieces.Count && pieces[at] is { Kind: RawTokenKind.Mark, Text: ":" } && pieces[at + 1] is { Kind: RawTokenKind.Number, Text.Length: 2 } minutes && NumberForms.IsClock(value, minutes.Text, out var hours))
        {
            return After(pieces, at + 2, value + hours, null, weak: false, terms, clock: true);
        }

        if (at < pieces.Count && pieces[at] is { Kind: RawTokenKind.Word, Text: "st" or "nd" or "rd" or "th" } suffix && suffix.Has(TermTraits.Glued))
        {
            at++;
        }
        else if (value >= 1_000 && at < pieces.Count && pieces[at] is { Kind: RawTokenKind.Word, Text: "s" } decade && decade.Has(TermTraits.Glued))
        {
            // The 1990s, which 1990 is not.
            at++;
            exact = text + "s";
        }
        else if (value is >= 30 and < 100 && value % 10 == 0 && at < pieces.Count && pieces[at] is { Kind: RawTokenKind.Word, Text: "s" } short80 && short80.Has(TermTraits.Glued))
        {
            (value, exact, at) = (value + 1_900, $"{value + 1_900}s", at + 1);
        }

        return After(pieces, at, value, exact, weak: false, terms, clock: false);
    }

    /// <summary>2024-05-01: year and day are numbers, the month is a word.</summary>
    private bool Date(string text, List<Term> terms)
    {
        if (NumberForms.Date(text) is not { } date)
        {
            return false;
        }

        var name = CultureInfo.InvariantCulture.DateTimeFormat.MonthNames[date.Month - 1].ToLowerInvariant();
        Add(new Quantity(date.Year, null, null, false), terms);
        var known = lexicon.Find(name is "march" or "may" ? name + " month" : name) ?? lexicon.Find(Stemmer.Stem(name));
        terms.Add(new Term(name, ConceptKind.Time, known?.Senses ?? Term.NoSenses, TermTraits.None));
        Add(new Quantity(date.Day, null, null, false), terms);
        return true;
    }

    /// <summary>
    /// Half an hour, a quarter cup, half a million: what divides, before a unit or what multiplies. Gives the piece after all of it, or
    /// <paramref name="at"/> where nothing is divided.
    /// </summary>
    public int Part(List<Piece> pieces, int at, List<Term> terms)
    {
        var by = NumberWords.Divisor(pieces[at].Text);
        if (by is not (2 or 4) || at + 1 >= pieces.Count)
        {
            return at;
        }

        var next = at + 1;
        if (pieces[next].Text is "past" or "to" or "after" && next + 1 < pieces.Count && NumberForms.Hour(pieces[next + 1]) is var hour and > 0)
        {
            return After(pieces, next + 2, pieces[next].Text == "to" ? hour - (1m / by) : hour + (1m / by), null, weak: false, terms, clock: true);
        }

        next += pieces[next].Text == "of" && next + 1 < pieces.Count ? 1 : 0;
        return pieces[next].Kind == RawTokenKind.Word && (NumberWords.Multiplier(pieces[next].Text, glued: false) > 1 || UnitAt(pieces, next).Unit is not null)
            ? After(pieces, next, 1m / by, null, weak: false, terms, clock: false)
            : at;
    }

    /// <summary>A number in English words, which end before <paramref name="at"/>.</summary>
    public int Words(List<Piece> pieces, int at, decimal value, bool weak, in Piece first, List<Term> terms)
    {
        if (at < pieces.Count && value is > 0 and < 100 && NumberWords.Divisor(pieces[at].Text) is var by and > 0 && (by > 2 || value == 1))
        {
            at += at + 1 < pieces.Count && pieces[at + 1].Text == "of" ? 2 : 1;
            return After(pieces, at, value / by, null, weak: false, terms, clock: false);
        }

        value += NumberWords.IsDecade(pieces, at) && value is >= 30 and < 100 ? 1_900 : 0;
        var decade = NumberWords.IsDecade(pieces, at) ? value.ToString(CultureInfo.InvariantCulture) + "s" : null;
        return After(pieces, at, value, decade, weak && !first.Has(TermTraits.AllCapitals), terms, clock: false);
    }

    /// <summary>The number that was read last is more than it seemed.</summary>
    public void Change(in Quantity last, List<Term> terms)
    {
        Quantities[^1] = last;
        terms[^1] = terms[^1] with { Text = last.Value.ToString("0.####", CultureInfo.InvariantCulture) };
    }

    private int After(List<Piece> pieces, int at, decimal value, string? exact, bool weak, List<Term> terms, bool clock)
    {
        if (at + 1 < pieces.Count && pieces[at] is { Text: "k" } && pieces[at + 1].Text is "run" or "rac" or "race" or "walk" or "jog" && _currency is null)
        {
            Add(new Quantity(value, null, lexicon.Find("km")?.Senses[0], false), terms);
            return at + 1;
        }

        while (at < pieces.Count && pieces[at].Kind == RawTokenKind.Word && NumberWords.Multiplier(pieces[at].Text, pieces[at].Has(TermTraits.Glued)) is var by and > 1 && value < 1_000_000_000_000)
        {
            (value, exact, weak) = (value * by, null, false);
            at++;
        }

        if (at < pieces.Count && pieces[at].Text == "m" && (_currency is not null || (at + 1 < pieces.Count && lexicon.Find(pieces[at + 1].Text) is { Kind: ConceptKind.Unit })))
        {
            (value, exact, weak) = (value * 1_000_000, null, false);
            at++;
        }

        if (at + 1 < pieces.Count && pieces[at].Text == "and" && pieces[at + 1].Text == "half")
        {
            (value, exact, weak) = (value + 0.5m, null, false);
            at += 2;
        }

        if (at < pieces.Count && pieces[at].Text is "oclock" or "o'clock")
        {
            (clock, at) = (true, at + 1);
        }

        var unit = clock ? lexicon.Find("oclock")?.Senses[0] : _currency;
        (_currency, exact) = (null, unit is null ? exact : null);
        if (at < pieces.Count && pieces[at] is { Kind: RawTokenKind.Symbol, Text: "\u00B0" })
        {
            at++;
        }

        if (at < pieces.Count && pieces[at].Kind == RawTokenKind.Word)
        {
            if (NumberForms.DayHalf(pieces, at) is var (length, afternoon) && length > 0 && value <= 12)
            {
                value = afternoon ? (value < 12 ? value + 12 : value) : value is 12 ? 0 : value;
                (unit, exact) = (lexicon.Find("oclock")?.Senses[0], null);
                at += length;
            }
            else if (unit is null && UnitAt(pieces, at) is var (found, count) && found is not null)
            {
                (unit, exact, weak) = (found, null, false);
                at += count;
            }
        }

        Add(new Quantity(value, exact, unit, weak), terms);
        return at;
    }

    private (Concept? Unit, int Count) UnitAt(List<Piece> pieces, int at)
    {
        if (pieces[at].Text == "in" && (pieces[at].Has(TermTraits.Glued) || (Quantities.Count > 0 && Quantities[^1].Unit is { Name: "foot" } && !(at + 1 < pieces.Count && UnitAt(pieces, at + 1).Unit is not null))))
        {
            return (lexicon.Find("inch")?.Senses[0], 1);
        }

        if (at + 2 < pieces.Count && pieces[at + 1].Text is "per" or "an" or "a" && lexicon.Find($"{pieces[at].Text} {pieces[at + 1].Text} {pieces[at + 2].Text}") is { Kind: ConceptKind.Unit } three)
        {
            return (three.Senses[0], 3);
        }

        if (at + 1 < pieces.Count && lexicon.Find($"{pieces[at].Text} {pieces[at + 1].Text}") is { Kind: ConceptKind.Unit } two)
        {
            return (two.Senses[0], 2);
        }

        return lexicon.Find(pieces[at].Text) is { Kind: ConceptKind.Unit or ConceptKind.UnitAfterNumber } one ? (one.Senses[0], 1) : (null, 0);
    }
}
