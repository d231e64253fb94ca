namespace LlmGateway.Gateway;

/// <summary>The caller's own <c>x-request-id</c>, when it can be trusted in a header, a log line and a ledger row.</summary>
internal static class RequestId
{
    public const int MaxLength = 128;

    /// <summary>1 to 128 characters out of letters, digits, <c>.</c>, <c>_</c>, <c>:</c> and <c>-</c>.</summary>
    public static bool IsSane(string? value)
    {
        if (string.IsNullOrEmpty(value) || value.Length > MaxLength)
        {
            return false;
        }

        foreach (var c in value)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or ':'))
            {
                return false;
            }
        }

        return true;
    }
}
