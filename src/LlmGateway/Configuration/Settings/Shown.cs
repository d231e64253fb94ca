namespace LlmGateway.Configuration.Settings;

/// <summary>What of a value may stand in a message. A secret may have been written in the wrong place, so what looks like one is not repeated.</summary>
internal static class Shown
{
    private const int Longest = 40;

    public static string Text(string written)
    {
        var suspicious = written.Length > Longest || written.Contains('@') || written.StartsWith("sk-", StringComparison.OrdinalIgnoreCase)
            || written.StartsWith("Bearer", StringComparison.OrdinalIgnoreCase) || LooksRandom(written);
        return suspicious ? "the value" : $"'{written.ReplaceLineEndings(" ")}'";
    }

    // Twenty or more letters and digits in one run, some of each: no name or number that a person chose looks like that.
    private static bool LooksRandom(string written)
    {
        int run = 0, digits = 0, letters = 0;
        foreach (var c in written)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                (run, digits, letters) = (0, 0, 0);
                continue;
            }

            run++;
            digits += char.IsAsciiDigit(c) ? 1 : 0;
            letters += char.IsAsciiLetter(c) ? 1 : 0;
            if (run >= 20 && digits > 0 && letters > 0)
            {
                return true;
            }
        }

        return false;
    }
}
