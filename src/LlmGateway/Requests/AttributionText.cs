namespace LlmGateway.Requests;

/// <summary>What may be kept of a caller's text to attribute by: it lands in the ledger, in reports and in logs.</summary>
internal static class AttributionText
{
    public const int MaxUserLength = 256;

    public const int MaxTagNameLength = 64;

    public const int MaxTagValueLength = 256;

    public const string TagNameRule = "a name of 1 to 64 letters, digits, '_', '.' or '-'";

    public static bool HasControl(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (char.IsControl(c))
            {
                return true;
            }
        }

        return false;
    }

    public static bool IsTagName(ReadOnlySpan<char> name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '-'))
            {
                return false;
            }
        }

        return name.Length is > 0 and <= MaxTagNameLength;
    }

    public static bool IsTagValue(ReadOnlySpan<char> value) => value.Length <= MaxTagValueLength && !HasControl(value);
}
