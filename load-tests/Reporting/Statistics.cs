namespace LlmGateway.LoadTests.Reporting;

/// <summary>The arithmetic between windows and report.</summary>
internal static class Statistics
{
    /// <returns>The middle value, or the mean of the two in the middle; null where there is none.</returns>
    public static double? Median(IEnumerable<double?> values)
    {
        var sorted = values.OfType<double>().Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length == 0 ? null : sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>Divides round by round, because two windows of one round share the noise of the machine.</summary>
    /// <returns>The quotients of the rounds in which both are known and the divisor is positive.</returns>
    public static double?[] Ratios(IReadOnlyList<double?> values, IReadOnlyList<double?> divisors) =>
        values.Zip(divisors, (value, divisor) => divisor > 0 ? value / divisor : null).Where(ratio => ratio is not null).ToArray();

    /// <summary>The slope of the least-squares line through the points.</summary>
    /// <returns>Units of y per unit of x; null for fewer than two different x.</returns>
    public static double? Slope(IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Count < 2)
        {
            return null;
        }

        var meanX = points.Average(point => point.X);
        var meanY = points.Average(point => point.Y);
        var spread = points.Sum(point => (point.X - meanX) * (point.X - meanX));
        return spread == 0 ? null : points.Sum(point => (point.X - meanX) * (point.Y - meanY)) / spread;
    }
}
