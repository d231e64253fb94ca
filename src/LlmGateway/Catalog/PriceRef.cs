using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace LlmGateway.Catalog;

/// <summary>
/// The text by which a ledger row names its price, so that an invoice line can be explained years later:
/// <c>deepseek/deepseek-flash@2026-09-10;tier&gt;256000;window*2;batch*0.5</c>. Before the first <c>;</c> stands the entry (name, <c>@</c>,
/// first day in UTC, or <c>2026-08-16T16:00:00Z</c> for one that does not begin at midnight); behind it what applied, in this order:
/// the tier by its bounds (<c>tier&gt;32000</c>, <c>tier&gt;0&lt;=32000,out&lt;=200</c>), the multiplier of the hours, that of batch work.
/// </summary>
internal static class PriceRef
{
    /// <summary>Is in the text of what was priced as batch work.</summary>
    public const string BatchMark = ";batch*";

    /// <summary>Each attempt asks for it twice, and of most entries it is the whole text.</summary>
    private static readonly ConditionalWeakTable<PriceEntry, string> Written = [];

    /// <summary>The entry alone: what is known when an attempt starts.</summary>
    public static string Of(PriceEntry entry) => Written.GetValue(entry, static entry => Write(entry));

    /// <summary>The entry and what applied; null for what did not.</summary>
    public static string Settled(PriceEntry entry, PriceTier? tier, decimal? window, decimal? batch)
    {
        if (tier is null && window is null && batch is null)
        {
            return Of(entry);
        }

        var text = new StringBuilder(Of(entry));
        if (tier is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $";tier>{tier.InputOver}");
            _ = tier.InputUpTo is { } input ? text.Append(CultureInfo.InvariantCulture, $"<={input}") : text;
            _ = tier.OutputUpTo is { } output ? text.Append(CultureInfo.InvariantCulture, $",out<={output}") : text;
        }

        AppendMultiplier(text, "window", window);
        AppendMultiplier(text, "batch", batch);
        return text.ToString();
    }

    /// <summary>The name of the entry that such a text names; null where it is none.</summary>
    public static string? NameOf(string? reference)
    {
        if (reference is null)
        {
            return null;
        }

        var entry = reference.AsSpan(0, reference.IndexOf(';', StringComparison.Ordinal) is >= 0 and var end ? end : reference.Length);
        return entry.LastIndexOf('@') is > 0 and var at ? entry[..at].ToString() : null;
    }

    private static string Write(PriceEntry entry)
    {
        var from = entry.From.UtcDateTime;
        var format = from.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss'Z'";
        return string.Concat(entry.Name, "@", from.ToString(format, CultureInfo.InvariantCulture));
    }

    // 2.0 is written 2: the same factor makes the same text however the configuration spelled it.
    private static void AppendMultiplier(StringBuilder text, string name, decimal? multiplier)
    {
        if (multiplier is { } factor)
        {
            text.Append(CultureInfo.InvariantCulture, $";{name}*{factor:0.############}");
        }
    }
}
