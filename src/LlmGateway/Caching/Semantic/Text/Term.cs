namespace LlmGateway.Caching.Semantic.Text;

/// <summary>A word of the text with what it may mean.</summary>
/// <param name="Text">Stem, Chinese word or character, or number, in lower case.</param>
/// <param name="Kind">The part it plays.</param>
/// <param name="Senses">Of the lists; none for a stranger.</param>
/// <param name="Traits">Of its spelling and place.</param>
/// <param name="IsHan">Whether it is Chinese.</param>
/// <param name="IsNumber">Whether it is a number: <see cref="TextFacts.Numbers"/> has its value.</param>
/// <param name="Phrase">Of a phrase, the stems of its words.</param>
internal readonly record struct Term(string Text, ConceptKind Kind, Concept[] Senses, TermTraits Traits, bool IsHan = false, bool IsNumber = false, string? Phrase = null)
{
    public static readonly Concept[] NoSenses = [];

    /// <summary>Whether the lists know it.</summary>
    public bool IsKnown => Senses.Length > 0;

    public bool Has(TermTraits trait) => (Traits & trait) != 0;

    /// <summary>The same word, or one that can mean the same.</summary>
    public bool Matches(in Term other)
    {
        foreach (var mine in Senses)
        {
            foreach (var theirs in other.Senses)
            {
                if (ReferenceEquals(mine, theirs))
                {
                    return true;
                }
            }
        }

        return Text == other.Text;
    }

    /// <summary>Whether one can mean the opposite of the other, and they share no meaning.</summary>
    public bool Opposes(in Term other)
    {
        if (Matches(other))
        {
            return false;
        }

        foreach (var mine in Senses)
        {
            foreach (var theirs in other.Senses)
            {
                if (mine.Opposes(theirs))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether one of its meanings is the group of that name.</summary>
    public bool Means(string name)
    {
        foreach (var sense in Senses)
        {
            if (sense.Name == name)
            {
                return true;
            }
        }

        return false;
    }
}
