using System.Globalization;

namespace LlmGateway.Ledger;

/// <summary>A half-open interval of time, and the whole UTC hours in it.</summary>
internal readonly record struct LedgerRange(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Start of the first whole hour.</summary>
    public DateTimeOffset First => Floor(From) is var hour && hour < From ? Next(hour) : hour;

    /// <summary>End of the last whole hour.</summary>
    public DateTimeOffset Last => Floor(To);

    public bool HasWholeHours => First < Last;

    /// <summary>The parameters of <see cref="LedgerRelation"/>.</summary>
    public IEnumerable<(string Name, DateTimeOffset Value)> Parameters => [("from", From), ("to", To), ("first", First), ("last", Last)];

    /// <summary>As the ledger of SQLite writes times, to compare as text.</summary>
    public static string Text(DateTimeOffset value) => value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static DateTimeOffset Floor(DateTimeOffset value) => new(value.UtcTicks - (value.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    private static DateTimeOffset Next(DateTimeOffset hour) => hour <= DateTimeOffset.MaxValue.AddHours(-1) ? hour.AddHours(1) : DateTimeOffset.MaxValue;
}
