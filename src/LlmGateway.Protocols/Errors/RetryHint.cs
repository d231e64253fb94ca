using System.Globalization;
using LlmGateway.Protocols.OpenAI;

namespace LlmGateway.Protocols.Errors;

/// <summary>Finds the waiting time in the sentence of an error message.</summary>
internal static class RetryHint
{
    // Azure "Please retry after 26 seconds", OpenAI "Please try again in 6m0s", Gemini "Please retry in 34.4s".
    private static readonly string[] Lead = ["retry after ", "try again in ", "retry in ", "try again after "];

    public static TimeSpan? Find(string message)
    {
        foreach (var lead in Lead)
        {
            var at = message.IndexOf(lead, StringComparison.OrdinalIgnoreCase);
            if (at >= 0 && Parse(message.AsSpan(at + lead.Length)) is { } delay)
                return delay;
        }

        return null;
    }

    private static TimeSpan? Parse(ReadOnlySpan<char> text)
    {
        if (GoDuration.TryParsePrefix(text, out var duration, out _))
            return duration;
        var digits = text.IndexOfAnyExcept("0123456789.");
        if (digits <= 0 || !double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return null;
        var seconds = number * SecondsIn(text[digits..].TrimStart());
        return seconds > 0 && seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static double SecondsIn(ReadOnlySpan<char> unit)
    {
        if (Starts(unit, "sec"))
            return 1;
        if (Starts(unit, "min"))
            return 60;
        if (Starts(unit, "hour"))
            return 3600;
        return Starts(unit, "day") ? 86400 : Starts(unit, "milli") ? 0.001 : 0;
    }

    private static bool Starts(ReadOnlySpan<char> text, string word) => text.StartsWith(word, StringComparison.OrdinalIgnoreCase);
}
