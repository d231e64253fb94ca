using System.Collections.Frozen;

namespace LlmGateway.Caching.Semantic.Text;

/// <summary>From pieces to terms: the longest phrase of the lists wins, numbers are read with their units, Chinese is cut into words.</summary>
internal sealed partial class TermReader(Lexicon lexicon, List<Piece> pieces)
{
    /// <summary>What four of may be written IV, which is a drip elsewhere.</summary>
    private static readonly FrozenSet<string> Numbered =
        new[] { "chapter", "part", "act", "volume", "section", "article", "season", "episode", "level", "phase", "type", "class", "grade", "stage", "book", "scene" }
            .Select(static word => Stemmer.Stem(word)).ToFrozenSet();

    private const int HowMuchIs = 3;

    private static readonly string Will = Stemmer.Stem("will");

    private readonly List<Term> _terms = new(pieces.Count + 8);
    private readonly NumberReader _numbers = new(lexicon);
    private HanNumberReader? _hanNumbers;
    private bool _scope;
    private bool _opened;
    private int _at;

    public List<Term> Terms => _terms;

    public List<Quantity> Numbers => _numbers.Quantities;

    public void Read()
    {
        while (_at < pieces.Count)
        {
            var piece = pieces[_at];
            switch (piece.Kind)
            {
                case RawTokenKind.Word:
                    Word(piece);
                    break;
                case RawTokenKind.Number when lexicon.LongestPhrase(piece.Text) > 1 && Phrase() is ({ } named, > 1) and var (_, words):
                    // 2FA, 3D.
                    Add(named, piece.Text, piece.Traits, han: false, words);
                    _at += words;
                    break;
                case RawTokenKind.Number:
                    _at = _numbers.Digits(pieces, _at, _terms);
                    break;
                case RawTokenKind.Han:
                    Han(piece);
                    _at++;
                    break;
                case RawTokenKind.Symbol:
                    Symbol(piece);
                    break;
                default:
                    (_scope, _opened) = (false, false);
                    _terms.Add(new Term(",", ConceptKind.Joint, Term.NoSenses, TermTraits.None));
                    _at++;
                    break;
            }
        }
    }

    private void Word(in Piece piece)
    {
        if (Mixed(piece))
        {
            return;
        }

        var (entry, length) = piece.Has(TermTraits.Quoted) ? (lexicon.Find(piece.Text), 1) : Phrase();
        var (value, words) = NumberWords.Read(pieces, _at);
        if (words > 0 && words >= length && !(entry is { Kind: ConceptKind.Unit } && words == 1 && _terms.Count > 0 && _terms[^1].IsNumber))
        {
            _at = _numbers.Words(pieces, _at + words, value, words == 1 && piece.Text == "one", piece, _terms);
            return;
        }

        if (words == 0 && _numbers.Part(pieces, _at, _terms) is var end && end > _at)
        {
            _at = end;
            return;
        }

        if (piece.Text == "need" && _terms.Count == 0 && _at + 1 < pieces.Count && pieces[_at + 1].Text != "to")
        {
            // "Need a name for my shop" asks for one.
            Add(new Term("name", ConceptKind.Request, Term.NoSenses, piece.Traits));
            _at++;
            return;
        }

        if (piece.Has(TermTraits.Auxiliary) && piece.Text == Will && IsDenied())
        {
            // What will not start does not start.
            Add(new Term("do", ConceptKind.Stop, Term.NoSenses, piece.Traits));
            _at++;
            return;
        }

        if (piece.Text == "do" && AsksForTask())
        {
            Add(new Term("job", ConceptKind.Content, lexicon.Find("job")?.Senses ?? Term.NoSenses, piece.Traits));
            _at++;
            return;
        }

        if (piece.Text == "may" && IsMonth(piece))
        {
            Add(new Term("may", ConceptKind.Time, lexicon.Find("may month")?.Senses ?? Term.NoSenses, piece.Traits));
            _at++;
            return;
        }

        if (piece.Has(TermTraits.AllCapitals) && _terms.Count > 0 && NumberWords.Roman(piece.Text) is var roman and > 0 && (piece.Text != "iv" || _terms[^1].Has(TermTraits.Capital) || Numbered.Contains(_terms[^1].Text)))
        {
            _numbers.Add(new Quantity(roman, null, null, false), _terms);
            _at++;
            return;
        }

        if (entry is { Kind: ConceptKind.Request } && length > 1 && piece.Text is "i" or "my" or "our" && _terms.Count > 0 && (_terms[^1].Kind == ConceptKind.Question || _terms[^1].Has(TermTraits.Auxiliary)))
        {
            // "What do I have to": the phrase that asks elsewhere is asked about here.
            (entry, length) = (lexicon.Find(piece.Text), 1);
        }

        if (entry?.Parts is not null && length == HowMuchIs && piece.Text == "how" && _at + length < pieces.Count && IsNumber(_at + length))
        {
            // "How much is 20 % of 50" asks for no price.
            (entry, length) = (lexicon.Find("how much"), length - 1);
        }

        if (length == 1 && piece.Kind == RawTokenKind.Word && SeparableVerb.Find(lexicon, pieces, _at) is var (verb, particle) && verb is not null)
        {
            pieces.RemoveAt(particle);
            Add(verb, piece.Text, piece.Traits, han: false, 2);
            _at++;
            return;
        }

        // WHO, US and IT are no pronouns.
        var named = piece.Has(TermTraits.AllCapitals) && length == 1 && entry is { Kind: ConceptKind.Question or ConceptKind.Stop or ConceptKind.Modal or ConceptKind.Case };
        if (entry is null || named || (entry.Kind == ConceptKind.UnitAfterNumber && length == 1))
        {
            // A face beside a question says nothing of it, unless another stands there.
            Add(new Term(piece.Text, char.IsSurrogate(piece.Text[0]) ? ConceptKind.Implied : ConceptKind.Content, Term.NoSenses, piece.Traits));
            _at++;
            return;
        }

        Add(entry, piece.Text, piece.Traits, han: false, length);
        _at += length;
    }

    private bool IsNumber(int at) => pieces[at].Kind == RawTokenKind.Number || pieces[at].Text is "$" or "\u20AC" or "\u00A3" or "\u00A5" || NumberWords.Read(pieces, at).Pieces > 0 || NumberWords.Divisor(pieces[at].Text) > 0;

    /// <summary>Whether a "not" follows in the clause.</summary>
    private bool IsDenied()
    {
        for (var i = _at + 1; i < pieces.Count && pieces[i].Kind != RawTokenKind.Mark; i++)
        {
            if (pieces[i].Text == "not")
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A word of letters with the Chinese characters after it: B超, U盘. What is left of the characters is read on its own.</summary>
    private bool Mixed(in Piece piece)
    {
        if (_at + 1 >= pieces.Count || pieces[_at + 1] is not { Kind: RawTokenKind.Han } next || piece.Text.Length > 4)
        {
            return false;
        }

        Span<char> key = stackalloc char[9];
        piece.Text.CopyTo(key);
        key[piece.Text.Length] = ' ';
        for (var take = Math.Min(4, next.Text.Length); take > 0; take--)
        {
            next.Text.AsSpan(0, take).CopyTo(key[(piece.Text.Length + 1)..]);
            if (lexicon.Find(key[..(piece.Text.Length + 1 + take)]) is { } entry)
            {
                Add(entry, piece.Text + next.Text[..take], piece.Traits, han: true, 2);
                pieces[_at + 1] = next with { Text = next.Text[take..] };
                _at += take == next.Text.Length ? 2 : 1;
                return true;
            }
        }

        return false;
    }

    /// <summary>"What does a plumber do": the last word stands for what he does.</summary>
    private bool AsksForTask()
    {
        if (_at + 1 < pieces.Count && pieces[_at + 1].Kind != RawTokenKind.Mark)
        {
            return false;
        }

        var content = false;
        for (var i = _terms.Count - 1; i > 0 && _terms[i].Text != ","; i--)
        {
            if (_terms[i].Has(TermTraits.Auxiliary))
            {
                return content && _terms[i].Text == "do" && _terms[i - 1] is { Kind: ConceptKind.Question, IsHan: false } && _terms[i - 1].Means("what");
            }

            content |= _terms[i].Kind == ConceptKind.Content;
        }

        return false;
    }

    /// <summary>May, not may: a number is beside it, or a capital where no sentence begins and a word of place or time before.</summary>
    private bool IsMonth(in Piece piece) =>
        (_terms.Count > 0 && _terms[^1].IsNumber && _numbers.Quantities[^1].Unit is null) || (_at + 1 < pieces.Count && pieces[_at + 1].Kind == RawTokenKind.Number)
        || (piece.Has(TermTraits.Capital) && _terms.Count > 0 && _terms[^1].Kind is ConceptKind.Case or ConceptKind.Time);

    /// <summary>The longest phrase of the lists that the pieces begin.</summary>
    private (LexiconEntry? Entry, int Length) Phrase()
    {
        var most = lexicon.LongestPhrase(pieces[_at].Text);
        Span<char> key = stackalloc char[128];
        for (var length = Math.Min(most, pieces.Count - _at); length > 0; length--)
        {
            var end = 0;
            for (var i = 0; i < length && end >= 0; i++)
            {
                var piece = pieces[_at + i];
                if (piece.Kind is not (RawTokenKind.Word or RawTokenKind.Number) || end + piece.Text.Length + 1 > key.Length)
                {
                    end = -1;
                    break;
                }

                if (i > 0)
                {
                    key[end++] = ' ';
                }

                piece.Text.CopyTo(key[end..]);
                end += piece.Text.Length;
            }

            if (end > 0 && lexicon.Find(key[..end]) is { } entry)
            {
                return (entry, length);
            }
        }

        return (null, 1);
    }

    private void Symbol(in Piece piece)
    {
        if (_numbers.Currency(piece.Text))
        {
            _at++;
            return;
        }

        if (piece.Text == "\u00B0" && _at + 1 < pieces.Count && pieces[_at + 1].Text is "c" or "f" && lexicon.Find(pieces[_at + 1].Text == "c" ? "celsius" : "fahrenheit") is { } degree)
        {
            Add(degree, pieces[_at + 1].Text, piece.Traits, han: false, 1);
            _at += 2;
            return;
        }

        if (piece.Text == "%" && _numbers.SetUnit("%"))
        {
            _at++;
            return;
        }

        Add(new Term(piece.Text, ConceptKind.Content, Term.NoSenses, piece.Traits));
        _at++;
    }

    private void Add(LexiconEntry entry, string text, TermTraits traits, bool han, int words)
    {
        // What is quoted is spoken of: a word of grammar or politeness is none there.
        if ((traits & TermTraits.Quoted) != 0 && (entry.Parts is not null || entry.Kind is not (ConceptKind.Content or ConceptKind.Time or ConceptKind.Unit or ConceptKind.Language)))
        {
            Add(new Term(text, ConceptKind.Content, Term.NoSenses, traits, han));
            return;
        }

        if (entry.Kind == ConceptKind.Request && _opened && (han ? words <= 2 : words == 1))
        {
            // Within a sentence it is part of what is asked: a right angle, 自我介绍.
            Add(new Term(text, ConceptKind.Content, entry.Senses, traits, han));
            return;
        }

        if (entry.Parts is null)
        {
            // A phrase is a word of its own: its first word alone would match by text what the phrase does not mean.
            var name = !han && words > 1 ? entry.Senses[0].Name : text;
            Add(new Term(name, entry.Kind, entry.Senses, traits, han, Phrase: entry.Phrase));
            return;
        }

        foreach (var (part, meaning) in entry.Parts)
        {
            if (char.IsAsciiDigit(part[0]))
            {
                _numbers.Add(new Quantity(decimal.Parse(part, System.Globalization.CultureInfo.InvariantCulture), null, null, false), _terms);
                continue;
            }

            Add(new Term(part, meaning?.Kind ?? ConceptKind.Content, meaning?.Senses ?? Term.NoSenses, traits & ~TermTraits.Auxiliary, han));
        }
    }

    private void Add(Term term)
    {
        if (term.Kind is ConceptKind.Case)
        {
            _scope = !(term.Means("from") || term.Means("to") || term.Means("of") || term.Means("than") || term.Means("by") || term.Means("about") || term.Means("object"));
        }
        else if (term.Kind is ConceptKind.Content && _scope)
        {
            term = term with { Traits = term.Traits | TermTraits.Scope };
        }
        else if (term.Kind is not ConceptKind.Stop and not ConceptKind.Content)
        {
            _scope = false;
        }

        if (term is { Kind: ConceptKind.Time, IsHan: true, Text: "后" or "以后" or "之后" } && _terms.Count > 0 && _terms[^1] is { Kind: ConceptKind.Content, IsNumber: false })
        {
            // 进水以后 is 进水了. After what is a time itself it says more.
            term = term with { Kind = ConceptKind.Implied };
        }

        _opened |= term.Kind is not (ConceptKind.Stop or ConceptKind.Request);
        _terms.Add(term);
    }
}
