namespace LlmGateway.Routing.Policies;

/// <summary>
/// A policy that goes by speed stops measuring what it avoids: one request in fifty goes to the deployment whose speed was not measured
/// for the longest time, so that one which was slow for an hour is not avoided for ever. One that was never measured has waited longest.
/// </summary>
internal static class Exploration
{
    public const int OneIn = 50;

    /// <summary>A measurement younger than that needs no other.</summary>
    public const double FreshSeconds = 10;

    /// <summary>Its score: before all that is measured, which is never below 0.</summary>
    private const double First = -1;

    /// <summary>This request is one of those.</summary>
    public static bool IsDue(ref Ballot ballot) => ballot.Count >= 2 && ballot.Random.Next(OneIn) == 0;

    /// <summary>The one to be measured now, or -1, which it mostly is.</summary>
    public static int Pick(ref Ballot ballot)
    {
        if (!IsDue(ref ballot))
        {
            return -1;
        }

        var (picked, oldest) = (-1, FreshSeconds);
        for (var i = 0; i < ballot.Count; i++)
        {
            if (AgeOf(ballot[i]) is var age && age > oldest)
            {
                (picked, oldest) = (i, age);
            }
        }

        return picked;
    }

    /// <summary>Puts it before all others, and says why.</summary>
    public static void Prefer(ref Verdict verdict)
    {
        verdict.Score = First;
        verdict.Explored = true;
    }

    public static double AgeOf(in Verdict verdict) => double.IsNaN(verdict.LatencyAge) ? double.PositiveInfinity : verdict.LatencyAge;
}
