using System.Globalization;

namespace LlmGateway.Configuration.Settings;

/// <summary>A size in bytes, written as a whole number, or with <c>KB</c>, <c>MB</c> or <c>GB</c>: 1,024, 1,024² and 1,024³ bytes.</summary>
internal readonly record struct ByteSize(long Bytes) : IComparable<ByteSize>, IComparable
{
    public const string Pattern = "^[0-9]+(KB|MB|GB)?$";

    private static readonly (string Unit, long Bytes)[] Units = [("GB", 1L << 30), ("MB", 1L << 20), ("KB", 1L << 10), ("", 1)];

    public static bool TryParse(string text, out ByteSize value)
    {
        value = default;
        var digits = text.AsSpan().TrimEnd("KMGB");
        foreach (var (unit, bytes) in Units)
        {
            if (text.AsSpan(digits.Length).SequenceEqual(unit))
            {
                if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > long.MaxValue / bytes)
                {
                    return false;
                }

                value = new ByteSize(count * bytes);
                return true;
            }
        }

        return false;
    }

    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    public int CompareTo(object? obj) => obj is ByteSize other ? CompareTo(other) : 1;

    /// <summary>In the largest unit that divides it.</summary>
    public override string ToString()
    {
        foreach (var (unit, bytes) in Units)
        {
            if (Bytes >= bytes && Bytes % bytes == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{Bytes / bytes}{unit}");
            }
        }

        return "0";
    }
}
