using System.Globalization;

namespace LlmGateway.Reports.Rerating;

/// <summary>What is to be priced again. The interval is half-open and has an attempt where it started.</summary>
/// <param name="Price">A name of the price book; null for any.</param>
/// <param name="Now">At the prices of this moment; else at those in force when an attempt started, as the price book has them now.</param>
internal sealed record RerateQuery(DateTimeOffset From, DateTimeOffset To, string? Tenant, string? Deployment, string? Price, bool Now)
{
    /// <summary>Whether every row of another is one of this.</summary>
    public bool Holds(RerateQuery other) =>
        From <= other.From && To >= other.To && Holds(Tenant, other.Tenant) && Holds(Deployment, other.Deployment) && Holds(Price, other.Price);

    /// <summary>Whether a row may be one of both.</summary>
    public bool Meets(RerateQuery other) =>
        From < other.To && other.From < To && Meets(Tenant, other.Tenant) && Meets(Deployment, other.Deployment) && Meets(Price, other.Price);

    /// <summary>The same query is the same text.</summary>
    public string Write() => string.Join('\n', Instant(From), Instant(To), Tenant ?? "", Deployment ?? "", Price ?? "", Now ? "now" : "then");

    public static RerateQuery Read(string text)
    {
        var parts = text.Split('\n');
        return new RerateQuery(Instant(parts[0]), Instant(parts[1]), Name(parts[2]), Name(parts[3]), Name(parts[4]), parts[5] == "now");
    }

    private static bool Holds(string? mine, string? other) => mine is null || mine == other;

    private static bool Meets(string? mine, string? other) => mine is null || other is null || mine == other;

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset Instant(string text) => DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private static string? Name(string text) => text.Length == 0 ? null : text;
}
