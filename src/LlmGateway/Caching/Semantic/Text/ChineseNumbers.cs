namespace LlmGateway.Caching.Semantic.Text;

/// <summary>Numbers in Chinese characters: 三, 十二, 一千二百, 二〇二四, 三万五.</summary>
internal static class ChineseNumbers
{
    private const string Digits = "零一二三四五六七八九";

    /// <summary>As sums are written on cheques and contracts.</summary>
    private const string FormalDigits = "零壹贰叁肆伍陆柒捌玖";

    /// <summary>The number that <paramref name="text"/> begins with, and its length; none is 0 characters.</summary>
    public static (decimal Value, int Length) Read(ReadOnlySpan<char> text)
    {
        decimal total = 0, section = 0, digit = 0, lastUnit = 1, lastLarge = 0;
        var positional = 0;
        var i = 0;
        for (; i < text.Length && i < 16; i++)
        {
            var value = Digit(text[i]);
            if (value >= 0)
            {
                // Digit after digit, as years and numbers are read out.
                digit = positional > 0 ? (digit * 10) + value : value;
                positional++;
                continue;
            }

            var unit = Multiplier(text[i]);
            if (unit == 1 || (i == 0 && unit is not 10 and not 100))
            {
                break;
            }

            if (unit < 10_000)
            {
                section += (i == 0 || (digit == 0 && positional == 0) ? 1 : digit) * unit;
            }
            else
            {
                // 两亿三千万 adds up, 三千万亿 multiplies.
                total = lastLarge > unit ? total + ((section + digit) * unit) : (total + section + digit) * unit;
                (section, lastLarge) = (0, unit);
            }

            (digit, positional, lastUnit) = (0, 0, unit);
        }

        // 三万五 is 35,000: a bare digit after a large unit counts tenths of it.
        if (positional == 1 && lastUnit >= 100 && i > 0 && text[i - 1] != '零' && i >= 2 && text[i - 2] != '零')
        {
            digit *= lastUnit / 10;
        }

        return (total + section + digit, i);
    }

    /// <summary>1.5万: what the character multiplies digits before it by; 1 for any other.</summary>
    public static decimal Multiplier(char c) => c switch
    {
        '十' or '拾' => 10,
        '百' or '佰' => 100,
        '千' or '仟' => 1_000,
        '万' or '萬' => 10_000,
        '亿' or '億' => 100_000_000,
        _ => 1,
    };

    private static int Digit(char c) => c switch
    {
        '〇' => 0,
        '两' or '兩' => 2,
        _ => Digits.IndexOf(c, StringComparison.Ordinal) is var plain and >= 0 ? plain : FormalDigits.IndexOf(c, StringComparison.Ordinal),
    };
}
