namespace LlmGateway.Caching.Semantic.Text;

/// <summary>
/// All that exclusions, guards and verifier look at, computed once a text and from nothing else, so that an entry's facts can be kept with it
/// or made again from its text.
/// </summary>
internal sealed class TextFacts
{
    private TextFacts(string text)
    {
        Text = text;
        var folded = TextNormaliser.Fold(text.Length > Exclusions.LongestText ? text[..Exclusions.LongestText] : text);
        Equality = TextNormaliser.ForEquality(folded);
        Language = LanguageDetector.Detect(folded);
        var reader = new TermReader(Lexicon.Default, Pieces.Of(Language == Language.English ? folded : ChineseForms.Rewrite(folded), whole: true));
        reader.Read();
        SmallTalk.Drop(reader.Terms);
        Terms = [.. reader.Terms];
        Telling = Array.FindAll(Terms, static term => term.Kind is not (ConceptKind.Stop or ConceptKind.Request) && term.Text != ",");
        Numbers = [.. reader.Numbers];
        Questions = QuestionReader.Read(reader.Terms);
    }

    /// <summary>As it came.</summary>
    public string Text { get; }

    /// <summary>Two texts with the same are the same question: <see cref="TextNormaliser.ForEquality"/>.</summary>
    public string Equality { get; }

    public Language Language { get; }

    /// <summary>In the order of the text, without noise words.</summary>
    public Term[] Terms { get; }

    /// <summary>Those of <see cref="Terms"/> that say something: without grammar, politeness and marks.</summary>
    public Term[] Telling { get; }

    /// <summary>In the order of the text.</summary>
    public Quantity[] Numbers { get; }

    public QuestionTypes Questions { get; }

    public static TextFacts Of(string text) => new(text);
}
