using System.Collections.Frozen;

namespace LlmGateway.Caching.Semantic.Text;

/// <summary>
/// The stem of an English word: inflection goes, derivation mostly stays (<c>installer</c> is not <c>install</c>). What it gives need not be
/// a word, only the same for all forms, and the lexicon is stemmed as it is read.
/// </summary>
internal static class Stemmer
{
    private static readonly FrozenDictionary<string, string> Irregular = LexiconFiles.Pairs("irregular.txt");

    private static readonly FrozenSet<string> Kept = new[]
    {
        "during", "morning", "evening", "wedding", "building", "ceiling", "something", "nothing", "anything", "everything", "pudding", "sibling", "clothing",
        "setting", "housing", "earring", "beijing", "nanjing", "sterling", "duckling", "boeing", "meaning",
        "embed", "hundred", "sacred", "naked", "united", "limited", "biased", "moped", "infrared",
        "family", "reply", "apply", "supply", "multiply", "italy", "july", "assembly", "anomaly", "early", "daily", "weekly", "monthly", "yearly", "butterfly", "imply", "comply",
        "elderly", "friendly", "lonely", "kelly", "hourly",
    }.ToFrozenSet();

    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> IrregularBySpan = Irregular.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> KeptBySpan = Kept.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Of a word in lower case.</summary>
    public static string Stem(ReadOnlySpan<char> word)
    {
        if (IrregularBySpan.TryGetValue(word, out var known))
        {
            return known;
        }

        if (word.Length <= 3 || word.Length > 40 || !char.IsAscii(word[^1]))
        {
            return word.ToString();
        }

        Span<char> buffer = stackalloc char[48];
        word.CopyTo(buffer);
        var length = KeptBySpan.Contains(word) ? word.Length : Inflection(buffer, word.Length);
        length = Derivation(buffer, length);
        return buffer[..Ending(buffer, length)].ToString();
    }

    private static int Inflection(Span<char> word, int length)
    {
        length = Plural(word, length);
        var text = word[..length];
        if (KeptBySpan.Contains(text))
        {
            return length;
        }

        if (length >= 6 && text.EndsWith("ing") && HasVowel(text[..^3]))
        {
            return length - 3;
        }

        if (length >= 5 && text.EndsWith("ied"))
        {
            word[length - 3] = 'y';
            return length - 2;
        }

        if (length >= 5 && text.EndsWith("ed") && !text.EndsWith("eed") && HasVowel(text[..^2]))
        {
            return length - 2;
        }

        if (length >= 6 && text.EndsWith("ily"))
        {
            word[length - 3] = 'y';
            return length - 2;
        }

        return length >= 6 && text.EndsWith("ly") ? length - 2 : length;
    }

    private static int Plural(Span<char> word, int length)
    {
        var text = word[..length];
        if (length > 4 && text.EndsWith("ies"))
        {
            word[length - 3] = 'y';
            return length - 2;
        }

        if (text.EndsWith("sses") || text.EndsWith("xes") || text.EndsWith("ches") || text.EndsWith("shes") || text.EndsWith("zes") || (length > 5 && text.EndsWith("oes")))
        {
            return length - 2;
        }

        return text[^1] == 's' && text[^2] is not ('s' or 'u' or 'i') ? length - 1 : length;
    }

    /// <summary><c>deletion</c> with <c>delete</c>, <c>organisation</c> with <c>organize</c>.</summary>
    private static int Derivation(Span<char> word, int length)
    {
        if (length >= 8 && word[..length].EndsWith("ion"))
        {
            length -= 3;
        }

        if (length >= 5 && word[length - 1] == 'e')
        {
            length--;
        }

        if (length >= 8 && (word[..length].EndsWith("isat") || word[..length].EndsWith("izat")))
        {
            length -= 2;
        }

        if (length >= 6 && word[length - 1] == 's' && word[length - 2] is 'i' or 'y')
        {
            word[length - 1] = 'z';
        }

        return length;
    }

    private static int Ending(Span<char> word, int length)
    {
        if (length >= 4 && word[length - 1] == 'e')
        {
            length--;
        }

        // Movies and movie, copies and copy.
        if (length >= 4 && word[length - 1] == 'y' && word[length - 2] is not ('a' or 'e' or 'i' or 'o' or 'u'))
        {
            word[length - 1] = 'i';
        }

        return length >= 4 && word[length - 1] == word[length - 2] && word[length - 1] is not ('a' or 'e' or 'i' or 'o' or 'u') ? length - 1 : length;
    }

    private static bool HasVowel(ReadOnlySpan<char> text) => text.IndexOfAny("aeiouy") >= 0;
}
