using LlmGateway.Catalog;
using LlmGateway.Configuration.Settings;

namespace LlmGateway.Configuration.Model;

/// <summary>Prices of one model from one date on. Rates are for <c>per</c> tokens.</summary>
internal sealed record PriceConfig
{
    [Setting("The first day or instant at which it is in force; a day begins at midnight UTC.", Required = true)]
    public DateTimeOffset From { get; init; }

    [Setting("Currency of every price of this entry.", Required = true)]
    public Currency? Currency { get; init; }

    [Setting("How many tokens the rates are for.", Min = "1", Max = "1000000000")]
    public long Per { get; init; } = 1_000_000;

    [Setting("Input tokens.", Min = "0")]
    public decimal? Input { get; init; }

    [Setting("Input tokens that were found in the provider's cache. When it is left out: input.", Min = "0")]
    public decimal? CachedInput { get; init; }

    [Setting("Input tokens that were written to the provider's cache. When it is left out: input.", Min = "0")]
    public decimal? CacheWrite { get; init; }

    [Setting("Output tokens.", Min = "0")]
    public decimal? Output { get; init; }

    [Setting("Output tokens of reasoning. When it is left out: output.", Min = "0")]
    public decimal? Reasoning { get; init; }

    [Setting("One request that was answered.", Min = "0")]
    public decimal? PerRequest { get; init; }

    [Setting("One unit of what is not counted in tokens, such as image or second.")]
    public IReadOnlyDictionary<string, decimal> Units { get; init; } = new Dictionary<string, decimal>();

    [Setting("Hours at which every rate is multiplied.")]
    public PriceWindowsConfig? Windows { get; init; }

    [Setting("Rates by length; a tier applies to the whole request.")]
    public IReadOnlyList<PriceTierConfig> Tiers { get; init; } = [];

    [Setting("Multiplier of every rate for batch work.", Min = "0", Max = "1")]
    public decimal? Batch { get; init; }

    [Setting("Where the figures were read, and when.")]
    public string? Source { get; init; }
}

/// <summary>Rates that hold for the whole request when its length is within the bounds. What is left out is the entry's own.</summary>
internal sealed record PriceTierConfig
{
    [Setting("More input tokens than this.", Min = "0")]
    public long InputOver { get; init; }

    [Setting("At most this many input tokens.", Min = "1")]
    public long? InputUpTo { get; init; }

    [Setting("At most this many output tokens.", Min = "1")]
    public long? OutputUpTo { get; init; }

    [Setting("Input tokens.", Min = "0")]
    public decimal? Input { get; init; }

    [Setting("Input tokens that were found in the provider's cache.", Min = "0")]
    public decimal? CachedInput { get; init; }

    [Setting("Input tokens that were written to the provider's cache.", Min = "0")]
    public decimal? CacheWrite { get; init; }

    [Setting("Output tokens.", Min = "0")]
    public decimal? Output { get; init; }

    [Setting("Output tokens of reasoning.", Min = "0")]
    public decimal? Reasoning { get; init; }
}

/// <summary>Hours at which every rate is multiplied.</summary>
internal sealed record PriceWindowsConfig
{
    [Setting("Whose clock.", Required = true)]
    public TimeZoneInfo? Timezone { get; init; }

    [Setting("What every rate is multiplied by.", Required = true, Min = "0", Max = "1000")]
    public decimal Multiplier { get; init; } = 1;

    [Setting("The hours.", Required = true, NotEmpty = true)]
    public IReadOnlyList<PriceWindowConfig> When { get; init; } = [];
}

/// <summary>Hours on some days of the week.</summary>
internal sealed record PriceWindowConfig
{
    [Setting("Days of the week. When it is left out: every day.", NotEmpty = true)]
    public IReadOnlyList<Weekday> Days { get; init; } = Enum.GetValues<Weekday>();

    [Setting("Ranges of hours; one that ends before it starts goes on into the next day.", Required = true, NotEmpty = true)]
    public IReadOnlyList<HourRange> Hours { get; init; } = [];
}

/// <summary>Days as the configuration spells them; numbered as <see cref="DayOfWeek"/>.</summary>
internal enum Weekday
{
    Sun,
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
}
