namespace LlmGateway.Routing;

/// <summary>Turns scores into ranks.</summary>
internal static class Ranking
{
    /// <summary>Scores that differ by less are the same: the difference is of the arithmetic.</summary>
    private const double Tolerance = 1e-9;

    public static void Rank(ref Ballot ballot)
    {
        Sort(ballot);
        for (var start = 0; start < ballot.Count;)
        {
            var end = start + 1;
            while (end < ballot.Count && AreEqual(ballot[start].Score, ballot[end].Score))
            {
                end++;
            }

            Spread(ref ballot, start, end);
            start = end;
        }

        for (var i = 0; i < ballot.Count; i++)
        {
            ballot[i].Rank = i + 1;
        }
    }

    // By insertion: routes are short, mostly in order, and equals stay in the order of the route.
    private static void Sort(in Ballot ballot)
    {
        for (var i = 1; i < ballot.Count; i++)
        {
            for (var j = i; j > 0 && ballot[j].Score < ballot[j - 1].Score; j--)
            {
                ballot.Swap(j, j - 1);
            }
        }
    }

    private static bool AreEqual(double left, double right) => right - left <= Tolerance * Math.Max(Math.Abs(left), Math.Abs(right));

    /// <summary>
    /// The power of two choices: each place goes to the less loaded of two that are drawn. Always taking the least loaded would send a
    /// whole crowd to one deployment before its load is seen to change.
    /// </summary>
    private static void Spread(ref Ballot ballot, int start, int end)
    {
        for (var place = start; place < end - 1; place++)
        {
            var left = end - place;
            var first = place + ballot.Random.Next(left);
            var second = place + ballot.Random.Next(left - 1);
            second += second >= first ? 1 : 0;
            ballot.Swap(place, ballot[second].InFlight < ballot[first].InFlight ? second : first);
        }
    }
}
