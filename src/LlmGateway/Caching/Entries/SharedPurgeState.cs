using System.Globalization;
using StackExchange.Redis;

namespace LlmGateway.Caching.Entries;

/// <summary>What Redis has of purges.</summary>
/// <param name="Purges">The latest first.</param>
/// <param name="Secret">The secret of keys that the nodes have agreed on. Empty where it is configured.</param>
internal sealed record SharedPurgeState(ulong Era, long Version, Purge[] Purges, byte[] Secret)
{
    /// <summary>A field that begins so is a purge: its filter follows, and the value is its number and its time.</summary>
    public const string PurgeField = "p:";

    /// <summary>Reads a hash with all its fields. Null when it is none of ours.</summary>
    public static SharedPurgeState? Read(RedisValue[] hash)
    {
        var (era, version, secret) = (0UL, 0L, Array.Empty<byte>());
        var purges = new List<Purge>();
        for (var i = 0; i + 1 < hash.Length; i += 2)
        {
            var (field, value) = ((string)hash[i]!, hash[i + 1]);
            switch (field)
            {
                case "era":
                    era = ReadEra(value);
                    break;
                case "version":
                    version = ReadVersion(value);
                    break;
                case "secret":
                    secret = (byte[])value!;
                    break;
                default:
                    if (field.StartsWith(PurgeField, StringComparison.Ordinal))
                    {
                        purges.Add(ReadPurge(field, (string)value!));
                    }

                    break;
            }
        }

        return era == 0 || version < 0 ? null : new(era, version, [.. purges.OrderByDescending(static purge => purge.Version)], secret);
    }

    /// <summary>0 when it is none.</summary>
    public static ulong ReadEra(RedisValue value) =>
        ulong.TryParse((string?)value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var era) ? era : 0;

    /// <summary>-1 when it is none.</summary>
    public static long ReadVersion(RedisValue value) => value.TryParse(out long version) ? version : -1;

    public static string WriteEra(ulong era) => era.ToString("x16", CultureInfo.InvariantCulture);

    public static string WriteValue(Purge purge) => string.Create(CultureInfo.InvariantCulture, $"{purge.Version} {purge.At}");

    private static Purge ReadPurge(string field, string value)
    {
        var parts = value.Split(' ');
        return parts.Length == 2 && long.TryParse(parts[0], CultureInfo.InvariantCulture, out var version) &&
            long.TryParse(parts[1], CultureInfo.InvariantCulture, out var at)
            ? new Purge(PurgeFilter.Read(field[PurgeField.Length..]), version, at)
            : new Purge(PurgeFilter.Everything, long.MaxValue, 0);
    }
}
