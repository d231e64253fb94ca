using System.Collections.Frozen;

namespace LlmGateway.Catalog;

/// <summary>Whether a row's cost can be relied on. A cost that is not known is absent, never 0.</summary>
internal enum PriceStatus
{
    /// <summary>Price in force × usage that the provider reported.</summary>
    Priced,

    /// <summary>No price was in force: the row has no cost.</summary>
    Unpriced,

    /// <summary>Price in force × usage that we estimated.</summary>
    Estimated,
}

/// <summary>Effective-dated prices by name.</summary>
internal sealed class PriceBook
{
    public static readonly PriceBook Empty = new([]);

    private readonly FrozenDictionary<string, PriceEntry[]> _byName;

    public PriceBook(IEnumerable<PriceEntry> entries)
    {
        Entries = [.. entries.OrderBy(entry => entry.Name, StringComparer.Ordinal).ThenBy(entry => entry.From)];
        _byName = Entries.GroupBy(entry => entry.Name, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
    }

    /// <summary>Every entry, by name and then by date.</summary>
    public IReadOnlyList<PriceEntry> Entries { get; }

    /// <summary>The latest entry of that name that has begun; null where there is none, and then the model is unpriced.</summary>
    public PriceEntry? InForce(string name, DateTimeOffset at)
    {
        if (!_byName.TryGetValue(name, out var entries))
        {
            return null;
        }

        var (low, high) = (0, entries.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (entries[middle].From <= at)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low == 0 ? null : entries[low - 1];
    }
}
