using System.Text.RegularExpressions;

namespace LlmGateway.Caching.Semantic.Text;

/// <summary>Finds what identifies a person; numbers by their checksum, so that a long number alone is none.</summary>
internal static partial class PersonalData
{
    private const string IdentityWeights = "\u0007\u0009\u000A\u0005\u0008\u0004\u0002\u0001\u0006\u0003\u0007\u0009\u000A\u0005\u0008\u0004\u0002";
    private const string IdentityChecks = "10X98765432";

    public static bool In(string text)
    {
        if (text.Contains('@', StringComparison.Ordinal) && Email().IsMatch(text))
        {
            return true;
        }

        if (text.AsSpan().IndexOfAnyInRange('0', '9') < 0 && text.AsSpan().IndexOfAnyInRange('\uFF10', '\uFF19') < 0)
        {
            return false;
        }

        var folded = TextNormaliser.Fold(text);
        if (Ip().IsMatch(folded) || Phone().IsMatch(folded) || SocialSecurity().IsMatch(folded))
        {
            return true;
        }

        foreach (var match in LongNumber().EnumerateMatches(folded))
        {
            if (IsNumberOfAPerson(folded.AsSpan(match.Index, match.Length)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsNumberOfAPerson(ReadOnlySpan<char> text)
    {
        Span<char> digits = stackalloc char[24];
        var count = 0;
        foreach (var c in text)
        {
            if ((char.IsAsciiDigit(c) || c is 'X' or 'x') && count < digits.Length)
            {
                digits[count++] = char.ToUpperInvariant(c);
            }
        }

        digits = digits[..count];
        return (count == 18 && IsIdentity(digits)) || (count is >= 13 and <= 19 && IsCard(digits));
    }

    /// <summary>The check character of a Chinese identity number (GB 11643).</summary>
    private static bool IsIdentity(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < 17; i++)
        {
            if (!char.IsAsciiDigit(digits[i]))
            {
                return false;
            }

            sum += (digits[i] - '0') * IdentityWeights[i];
        }

        return IdentityChecks[sum % 11] == digits[17];
    }

    /// <summary>Luhn's.</summary>
    private static bool IsCard(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[digits.Length - 1 - i] - '0';
            if (digit > 9)
            {
                return false;
            }

            digit = i % 2 == 1 ? digit * 2 : digit;
            sum += digit > 9 ? digit - 9 : digit;
        }

        return sum % 10 == 0 && digits[0] != '0';
    }

    [GeneratedRegex(@"[\w.+-]+@[\w-]+\.[A-Za-z]{2,}", RegexOptions.CultureInvariant)]
    private static partial Regex Email();

    [GeneratedRegex(@"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.]\d)|(?<![\w:])(?:[0-9a-fA-F]{1,4}:){4,7}[0-9a-fA-F]{1,4}(?![\w:])", RegexOptions.CultureInvariant)]
    private static partial Regex Ip();

    [GeneratedRegex(@"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)|\+\d{1,3}[- .]?\(?\d{1,4}\)?(?:[- .]?\d{2,4}){2,4}(?!\d)|(?<!\d)\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}(?!\d)|(?<!\d)0\d{2,3}-\d{7,8}(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Phone();

    [GeneratedRegex(@"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex SocialSecurity();

    [GeneratedRegex(@"(?<!\d)\d(?:[- ]?\d){11,18}[Xx]?(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex LongNumber();
}
