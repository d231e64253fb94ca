using System.CommandLine;
using System.Globalization;

namespace LlmGateway.LoadTests.Cli;

/// <summary>Options whose values are durations, written <c>20ms 5s 3m</c>.</summary>
internal static class TimeSpanOption
{
    public static Option<TimeSpan?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "time",
        CustomParser = result =>
        {
            if (TryParse(result.Tokens[0].Value, out var value))
            {
                return value;
            }

            result.AddError($"{name}: '{result.Tokens[0].Value}' is not a time; write 20ms, 5s or 3m.");
            return null;
        },
    };

    public static bool TryParse(string text, out TimeSpan value)
    {
        var digits = text.AsSpan().TrimEnd("msh");
        var perUnit = text.AsSpan(digits.Length) switch { "ms" => 1, "s" => 1_000, "m" => 60_000, "h" => 3_600_000, _ => 0 };
        value = default;
        if (perUnit == 0 || !double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        value = TimeSpan.FromMilliseconds(number * perUnit);
        return true;
    }
}
