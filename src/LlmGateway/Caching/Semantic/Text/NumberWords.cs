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

    /// <summary>Ten years by their name: <c>the nineteen-twenties</c>.</summary>
    private static readonly FrozenDictionary<string, decimal> Decades = new Dictionary<string, decimal>
    {
        ["twenties"] = 20,
        ["thirties"] = 30,
        ["forties"] = 40,
        ["fifties"] = 50,
        ["sixties"] = 60,
        ["seventies"] = 70,
        ["eighties"] = 80,
        ["nineties"] = 90,
    }.ToFrozenDictionary();

    /// <summary>Whether the pieces before <paramref name="end"/> close with ten years.</summary>
    public static bool IsDecade(List<Piece> pieces, int end) => end > 0 && Decades.ContainsKey(pieces[end - 1].Text);

    /// <summary>The number that the pieces from <paramref name="at"/> on spell, and how many they are; none is 0 pieces.</summary>
    public static (decimal Value, int Pieces) Read(List<Piece> pieces, int at)
    {
        decimal total = 0, current = 0;
        var i = at;
        var allowSmall = true;
        for (; i < pieces.Count && pieces[i].Kind == RawTokenKind.Word; i++)
        {
            var text = pieces[i].Text;
            if (Decades.TryGetValue(text, out var decade) && (i == at || (i == at + 1 && current is >= 10 and < 100)))
            {
                return ((i == at ? 0 : current * 100) + decade, i + 1 - at);
            }

            if (Small.TryGetValue(text, out var small) && (i == at ? allowSmall : IsCentury(current, small, i - at)))
            {
                // Nineteen eighty(-four).
                (current, allowSmall) = ((i == at ? 0 : current * 100) + small, small >= 20 && small % 10 == 0);
            }
            else if (allowSmall && small > 0 && (current % 100 == 0 || (small < 10 && current % 10 == 0)))
            {
                current += small;
                allowSmall = small >= 20 && small % 10 == 0;
            }
            else if (Large.TryGetValue(text, out var large) && (i > at || text is "hundred" or "dozen" or "thousand" or "million"))
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

    private static bool IsCentury(decimal current, decimal next, int words) => words == 1 && current is >= 10 and <= 20 && next is >= 10 and < 100;

    /// <summary>What <paramref name="text"/> divides by: <c>two thirds</c>, <c>a quarter cup</c>; 0 for a word that does not.</summary>
    public static int Divisor(string text) => text switch
    {
        "half" => 2,
        "third" => 3,
        "quart" or "quarter" or "fourth" => 4,
        "fifth" => 5,
        "sixth" => 6,
        "eighth" => 8,
        "tenth" => 10,
        _ => 0,
    };

    /// <summary>What a word after digits multiplies them by: <c>1.5 million</c>, <c>5k</c>; 1 for any other.</summary>
    public static decimal Multiplier(string text, bool glued) => Large.TryGetValue(text, out var large) && (glued || text.Length > 2) ? large : 1;

    /// <summary>The value of a Roman numeral of more than one letter; 0 for any other word and for those that mean something else (IV, XL).</summary>
    public static int Roman(string text)
    {
        if (text.Length < 2 || text is "xl" or "xxl" or "li" || text.AsSpan().IndexOfAnyExcept("ivxl") >= 0)
        {
            return 0;
        }

        var value = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var (one, next) = (Letter(text[i]), i + 1 < text.Length ? Letter(text[i + 1]) : 0);
            value += one < next ? -one : one;
        }

        return value;
    }

    private static int Letter(char c) => c switch { 'i' => 1, 'v' => 5, 'x' => 10, _ => 50 };

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
