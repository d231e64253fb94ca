using System.Globalization;

namespace LlmGateway.LoadTests.Reporting;

/// <summary>Numbers as the report writes them: three digits that matter, no more than was measured.</summary>
internal static class Numbers
{
    public const string Unknown = "–";

    public static string Format(double? value) => value is not { } number ? Unknown
        : number == 0 ? "0"
        : number.ToString(
            Math.Abs(number) switch { >= 99.95 => "#,0", >= 9.995 => "0.0", >= 0.9995 => "0.00", _ => "0.000" }, CultureInfo.InvariantCulture);

    /// <summary>A ratio with the range over the rounds, as <c>1.52 (1.48–1.60)</c>.</summary>
    public static string Ratio(double? ratio, IReadOnlyCollection<double?> rounds) => ratio is null ? Unknown
        : rounds.Count < 2 ? Invariant($"{ratio:0.00}")
        : Invariant($"{ratio:0.00} ({rounds.Min():0.00}–{rounds.Max():0.00})");

    public static string Duration(TimeSpan value) =>
        value < TimeSpan.FromSeconds(1) ? Invariant($"{value.TotalMilliseconds:0.###}ms") : Invariant($"{value.TotalSeconds:0.###}s");

    public static string Percent(double? share) => share is null ? Unknown : Invariant($"{share * 100:0} %");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
