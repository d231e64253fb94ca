using System.Collections.Frozen;
using System.Globalization;
using LlmGateway.Catalog;
using YamlDotNet.RepresentationModel;

namespace LlmGateway.Tests.Catalog;

/// <summary>Reads the shipped prices.yaml by itself, so that its figures are checked without the reader of the configuration.</summary>
internal static class PricesFile
{
    private static readonly string[] EntryMembers = ["from", "currency", "per", "input", "cached_input", "cache_write", "output", "batch", "windows", "tiers", "source"];

    private static readonly string[] TierMembers = ["input_over", "input_up_to", "output_up_to", "input", "cached_input", "cache_write", "output"];

    private static readonly Lazy<PriceBook> Book = new(() => new PriceBook(Read()));

    public static PriceBook Prices => Book.Value;

    public static string Text => File.ReadAllText(Path.Combine(Root(), "config", "prices.yaml"));

    private static IEnumerable<PriceEntry> Read()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Text));
        var prices = (YamlMappingNode)((YamlMappingNode)yaml.Documents[0].RootNode)["prices"];
        return from price in prices.Children
               from entry in (YamlSequenceNode)price.Value
               select Entry(((YamlScalarNode)price.Key).Value!, (YamlMappingNode)entry);
    }

    private static PriceEntry Entry(string name, YamlMappingNode node)
    {
        Assert.Empty(Members(node).Except(EntryMembers));
        return new PriceEntry
        {
            Name = name,
            From = Price.At(Scalar(node, "from")!),
            Currency = new Currency(Scalar(node, "currency")!),
            Per = Number(node, "per")!.Value,
            Rates = RatesOf(node),
            Batch = Decimal(node, "batch"),
            Windows = node.Children.TryGetValue("windows", out var windows) ? Windows((YamlMappingNode)windows) : null,
            Tiers = node.Children.TryGetValue("tiers", out var tiers) ? [.. ((YamlSequenceNode)tiers).Select(tier => Tier((YamlMappingNode)tier))] : [],
            Source = Scalar(node, "source"),
        };
    }

    private static PriceTier Tier(YamlMappingNode node)
    {
        Assert.Empty(Members(node).Except(TierMembers));
        return new PriceTier(Number(node, "input_over") ?? 0, Number(node, "input_up_to"), Number(node, "output_up_to"), RatesOf(node));
    }

    private static PriceWindows Windows(YamlMappingNode node) => new(
        TimeZoneInfo.FindSystemTimeZoneById(Scalar(node, "timezone")!),
        Decimal(node, "multiplier")!.Value,
        [.. from when in (YamlSequenceNode)node["when"]
            let days = ((YamlSequenceNode)when["days"]).Select(day => Enum.GetValues<DayOfWeek>().Single(known => known.ToString().StartsWith(day.ToString(), StringComparison.OrdinalIgnoreCase))).ToFrozenSet()
            from hours in (YamlSequenceNode)when["hours"]
            let ends = hours.ToString().Split('-').Select(end => TimeOnly.Parse(end, CultureInfo.InvariantCulture)).ToArray()
            select new PriceWindow(days, ends[0], ends[1])]);

    private static Rates RatesOf(YamlMappingNode node) => new(
        Decimal(node, "input"), Decimal(node, "cached_input"), Decimal(node, "cache_write"), Decimal(node, "output"), Decimal(node, "reasoning"));

    private static IEnumerable<string> Members(YamlMappingNode node) => node.Children.Keys.Select(key => ((YamlScalarNode)key).Value!);

    private static string? Scalar(YamlMappingNode node, string member) =>
        node.Children.TryGetValue(member, out var value) ? ((YamlScalarNode)value).Value : null;

    private static decimal? Decimal(YamlMappingNode node, string member) =>
        Scalar(node, member) is { } text ? decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) : null;

    private static long? Number(YamlMappingNode node, string member) =>
        Scalar(node, member) is { } text ? long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : null;

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "LlmGateway.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return folder.FullName;
    }
}
