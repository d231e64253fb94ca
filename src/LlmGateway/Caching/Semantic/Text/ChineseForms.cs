using System.Globalization;
using System.Text.RegularExpressions;

namespace LlmGateway.Caching.Semantic.Text;

/// <summary>Numbers that Chinese writes in several ways, in the one that the readers of numbers know: 2024-05-01 as 2024年5月1日, 八五折 as 8.5折, 两三天 as 2到3天.</summary>
internal static partial class ChineseForms
{
    private const string Digits = "零一二三四五六七八九";

    public static string Rewrite(string text)
    {
        if (text.AsSpan().IndexOfAny("年折成刻多wW") < 0 && text.AsSpan().IndexOfAnyInRange('0', '9') < 0 && text.AsSpan().IndexOfAny(Digits) < 0)
        {
            return text;
        }

        text = Date().Replace(text, "$1年$2月$3日");
        text = Quarter().Replace(text, static match => match.Value[0] == '一' ? "15分" : "45分");
        text = Discount().Replace(text, static match => string.Create(CultureInfo.InvariantCulture, $"{Digit(match.Value[0])}.{Digit(match.Value[1])}折"));
        text = Tenths().Replace(text, static match => string.Create(CultureInfo.InvariantCulture, $"{Digit(match.Value[0])}0%"));
        text = ShortYear().Replace(text, static match => string.Create(CultureInfo.InvariantCulture, $"{(Digit(match.Value[0]) < 3 ? 20 : 19)}{Digit(match.Value[0])}{Digit(match.Value[1])}年"));
        text = Neighbours().Replace(text, static match => Digit(match.Value[1]) == Digit(match.Value[0]) + 1 ? string.Create(CultureInfo.InvariantCulture, $"{Digit(match.Value[0])}到{Digit(match.Value[1])}") : match.Value);
        text = Money().Replace(text, Sum);
        text = TenThousands().Replace(text, "$1万");
        return More().Replace(text, "$1$2");
    }

    /// <summary>三块四毛五 is 3.45元.</summary>
    private static string Sum(Match match)
    {
        var whole = match.Groups[1].Value;
        var value = decimal.TryParse(whole, NumberStyles.None, CultureInfo.InvariantCulture, out var digits) ? digits : ChineseNumbers.Read(whole).Value;
        value += Digit(match.Groups[2].Value[0]) / 10m;
        value += match.Groups[3].Length > 0 ? Digit(match.Groups[3].Value[0]) / 100m : 0;
        return string.Create(CultureInfo.InvariantCulture, $"{value}元");
    }

    private static int Digit(char c) => char.IsAsciiDigit(c) ? c - '0' : c == '两' ? 2 : c == '〇' ? 0 : Digits.IndexOf(c, StringComparison.Ordinal);

    [GeneratedRegex(@"(?<!\d)((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")]
    private static partial Regex Date();

    /// <summary>三点一刻.</summary>
    [GeneratedRegex("(?<=点)[一三]刻钟?")]
    private static partial Regex Quarter();

    /// <summary>八五折, 85折.</summary>
    [GeneratedRegex("(?<![0-9.零一二三四五六七八九十])[1-9一二三四五六七八九][1-9一二三四五六七八九](?:折)")]
    private static partial Regex Discount();

    /// <summary>首付三成.</summary>
    [GeneratedRegex("(?<![0-9.第零一二三四五六七八九十百])[1-9一二两三四五六七八九]成(?=$|[,.?!的以左吗呢首多])")]
    private static partial Regex Tenths();

    /// <summary>08年, 九八年; 80年代 and 12年 stay.</summary>
    [GeneratedRegex("(?<![0-9零〇一二三四五六七八九十百千])[089零八九][0-9零〇一二三四五六七八九]年(?![代级后内])")]
    private static partial Regex ShortYear();

    [GeneratedRegex("([0-9]+|[零一二两三四五六七八九十百千]+)[块元]([0-9零一二两三四五六七八九])[毛角](?:([0-9一二三四五六七八九])分?)?")]
    private static partial Regex Money();

    /// <summary>两三天.</summary>
    [GeneratedRegex("(?<![0-9零〇一二三四五六七八九十百千万第两])[一两二三四五六七八][二三四五六七八九](?=[天个年月周次小分斤块岁人万百千米本家种条位部名])")]
    private static partial Regex Neighbours();

    /// <summary>月薪2w, where no watts can be meant.</summary>
    [GeneratedRegex(@"(?<=[薪资入算款付价钱赚花攒借欠贷存卖买额][^\d]{0,4})(\d+(?:\.\d+)?)[wW](?![a-zA-Z])")]
    private static partial Regex TenThousands();

    [GeneratedRegex(@"(\d)多([万亿千百])")]
    private static partial Regex More();
}
