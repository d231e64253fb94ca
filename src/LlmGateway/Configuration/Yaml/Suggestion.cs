namespace LlmGateway.Configuration.Yaml;

/// <summary>Guesses what was meant.</summary>
internal static class Suggestion
{
    private const int LongestGuessed = 100;

    /// <summary><c>did you mean 'x'?</c> when a known name is near, else what <paramref name="otherwise"/> says.</summary>
    public static string For(string written, IEnumerable<string> known, string otherwise)
    {
        if (written.Length > LongestGuessed)
        {
            return otherwise;
        }

        var best = default(string);
        var bestDistance = Math.Max(1, written.Length / 3) + 1;
        foreach (var name in known)
        {
            var distance = Distance(written, name, bestDistance);
            if (distance < bestDistance)
            {
                (best, bestDistance) = (name, distance);
            }
        }

        return best is null ? otherwise : $"did you mean '{best}'?";
    }

    // Optimal string alignment: a swap of neighbours is one mistake, as it is for the person who typed it.
    private static int Distance(string a, string b, int bound)
    {
        if (Math.Abs(a.Length - b.Length) >= bound)
        {
            return bound;
        }

        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            rows[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            rows[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[a.Length, b.Length];
    }
}
