using System.Collections.Frozen;

namespace LlmGateway.Caching.Semantic.Text;

/// <summary>Numbers written out, in English (<c>one thousand two hundred</c>) and Roman numerals after a name (<c>World War II</c>).</summary>
internal static class NumberWords
{
    private static readonly string[] Cardinals =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
        "seventeen", "eighteen", "nineteen", "twenty",
    ];

    private static readonly string[] Ordinals =
    [
        "", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth",
        "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth",
    ];

    private static readonly string[] Romans = ["II", "III", "IV", "VI", "VII", "VIII", "IX", "XI", "XII", "XIII", "XIV", "XV", "XVI"];

    private static readonly int[] RomanValues = [2, 3, 4, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16];

    private static readonly FrozenDictionary<string, decimal> Small = Table();

    private static readonly FrozenDictionary<string, decimal> Large = new Dictionary<string, decimal>
    {
        ["hundred"] = 100,
        ["thousand"] = 1_000,
        ["million"] = 1_000_000,
        ["billion"] = 1_000_000_000,
        ["trillion"] = 1_000_000_000_000,
        ["dozen"] = 12,
        ["k"] = 1_000,
        ["bn"] = 1_000_000_000,
    }.Select(static pair => new KeyValuePair<string, decimal>(Stemmer.Stem(pair.Key), pair.Value)).ToFrozenDictionary();

    /// <summary>The number that the pieces from <paramref name="at"/> on spell, and how many they are; none is 0 pieces.</summary>
    public static (decimal Value, int Pieces) Read(List<Piece> pieces, int at)
    {
        decimal total = 0, current = 0;
        var i = at;
        var allowSmall = true;
        for (; i < pieces.Count && pieces[i].Kind == RawTokenKind.Word; i++)
        {
            var text = pieces[i].Text;
            if (allowSmall && Small.TryGetValue(text, out var small))
            {
                current += small;
                allowSmall = small >= 20 && small % 10 == 0;
            }
            else if (Large.TryGetValue(text, out var large) && (i > at || text is "hundr" or "dozen" or "thousand" or "million"))
            {
                current = Math.Max(1, current) * large;
                (total, current) = large == 100 ? (total, current) : (total + current, 0);
                allowSmall = true;
            }
            else if (!(text == "and" && i > at && current + total >= 100 && i + 1 < pieces.Count && Small.ContainsKey(pieces[i + 1].Text)))
            {
                break;
            }
        }

        return (total + current, i - at);
    }

    /// <summary>What a word after digits multiplies them by: <c>1.5 million</c>, <c>5k</c>; 1 for any other.</summary>
    public static decimal Multiplier(string text, bool glued) => Large.TryGetValue(text, out var large) && (glued || text.Length > 2) ? large : 1;

    /// <summary>The value of a Roman numeral in capitals, longer than one letter; 0 for any other word.</summary>
    public static int Roman(string text) => Array.IndexOf(Romans, text.ToUpperInvariant()) is var at and >= 0 ? RomanValues[at] : 0;

    private static FrozenDictionary<string, decimal> Table()
    {
        var table = new Dictionary<string, decimal>();
        for (var i = 0; i < Cardinals.Length; i++)
        {
            table[Stemmer.Stem(Cardinals[i])] = i;
            if (i > 0)
            {
                table[Stemmer.Stem(Ordinals[i])] = i;
            }
        }

        var tens = new[] { "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety" };
        for (var i = 0; i < tens.Length; i++)
        {
            table[Stemmer.Stem(tens[i])] = (i + 3) * 10;
        }

        return table.ToFrozenDictionary();
    }
}
