using System.Globalization;
using System.Text.RegularExpressions;
using LlmGateway.Catalog;

namespace LlmGateway.Tests.Catalog;

public partial class PricesFileTests
{
    private static readonly PriceBook Prices = PricesFile.Prices;

    [Fact]
    public void It_names_its_schema_in_the_first_line()
    {
        Assert.StartsWith("# yaml-language-server: $schema=gateway.schema.json\n", PricesFile.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void It_covers_the_models_and_providers_that_it_promises()
    {
        var names = Prices.Entries.Select(entry => entry.Name).Distinct().ToArray();

        Assert.Equal(135, names.Length);
        Assert.Equal(21, names.Select(name => name.Split('/')[0]).Distinct().Count());
    }

    [Fact]
    public void Every_entry_says_where_and_when_it_was_read()
    {
        Assert.All(Prices.Entries, entry => Assert.Matches(AYear(), entry.Source));
    }

    [Fact]
    public void No_name_has_two_entries_of_one_date_or_two_currencies()
    {
        Assert.All(Prices.Entries.GroupBy(entry => entry.Name), entries =>
        {
            Assert.Equal(entries.Count(), entries.Select(entry => entry.From).Distinct().Count());
            Assert.Single(entries.Select(entry => entry.Currency).Distinct());
        });
    }

    [Fact]
    public void Every_tier_names_every_rate_that_its_entry_names()
    {
        Assert.All(Prices.Entries.SelectMany(entry => entry.Tiers, (entry, tier) => (entry, tier)), pair =>
        {
            var (entry, tier) = pair;
            Assert.True(tier.InputOver > 0 || tier.InputUpTo > 0, entry.Name);
            Assert.Equal(Shape(entry.Rates), Shape(tier.Rates));
        });
    }

    [Fact]
    public void Rates_keep_the_order_that_vendors_keep()
    {
        Assert.All(Prices.Entries.SelectMany(entry => entry.Tiers.Select(tier => tier.Rates).Append(entry.Rates)), rates =>
        {
            Assert.True(rates.CachedInput is null || rates.CachedInput <= rates.Input);
            Assert.True(rates.CacheWrite is null || rates.CacheWrite >= rates.Input);
            Assert.True(rates.Output is null || rates.Output >= rates.Input);
        });
    }

    // name, first day, currency, input/cached/written/output, tiers in the same order, batch
    [Theory]
    [InlineData("openai/gpt-5.6-sol", "2026-07-24", "USD", "5/0.5/6.25/30", ">272000:10/1/12.5/45", "0.5")]
    [InlineData("openai/gpt-5.6-terra", "2026-07-24", "USD", "2.5/0.25/3.125/15", ">272000:5/0.5/6.25/22.5", "0.5")]
    [InlineData("openai/gpt-5.6-terra", "2026-07-30", "USD", "2/0.2/2.5/12", ">272000:4/0.4/5/18", "0.5")]
    [InlineData("openai/gpt-5.6-luna", "2026-07-24", "USD", "1/0.1/1.25/6", ">272000:2/0.2/2.5/9", "0.5")]
    [InlineData("openai/gpt-5.6-luna", "2026-07-30", "USD", "0.2/0.02/0.25/1.2", ">272000:0.4/0.04/0.5/1.8", "0.5")]
    [InlineData("openai/gpt-6-astra", "2026-09-03", "USD", "10/1/12.5/50", ">272000:20/2/25/75", "0.5")]
    [InlineData("openai/gpt-4o-mini", "2026-08-21", "USD", "0.15/0.075/-/0.6", "", "0.5")]
    [InlineData("openai/text-embedding-3-small", "2026-08-21", "USD", "0.02/-/-/-", "", "0.5")]
    [InlineData("azure/gpt-5.4", "2026-11-18", "USD", "2.5/0.25/-/15", ">272000:5/0.5/-/22.5", "")]
    [InlineData("anthropic/claude-opus-5-5", "2026-09-22", "USD", "4/0.2/5/20", "", "0.5")]
    [InlineData("anthropic/claude-sonnet-5-5", "2026-09-28", "USD", "2/0.2/2.5/10", "", "0.5")]
    [InlineData("anthropic/claude-sonnet-5-5", "2026-10-07", "USD", "2/0.1/2.5/10", "", "0.5")]
    [InlineData("anthropic/claude-haiku-5-5", "2026-10-07", "USD", "0.1/0.01/0.125/0.5", ">100000:0.5/0.05/0.625/2.5", "0.5")]
    [InlineData("anthropic/claude-sonnet-4-5", "2026-07-24", "USD", "3/0.3/3.75/15", ">200000:6/0.6/7.5/22.5", "0.5")]
    [InlineData("gemini/gemini-3.6-flash", "2026-08-05", "USD", "1.5/0.15/-/7.5", "", "0.5")]
    [InlineData("gemini/gemini-3.6-flash", "2026-09-01", "USD", "0.75/0.075/-/3.75", "", "0.5")]
    [InlineData("gemini/gemini-3.6-flash", "2027-01-01", "USD", "1.5/0.15/-/7.5", "", "0.5")]
    [InlineData("gemini/gemini-3.8-flash", "2027-01-01", "USD", "1.5/0.15/-/7.5", "", "0.5")]
    [InlineData("gemini/gemini-2.5-pro", "2026-08-21", "USD", "1.25/0.125/-/10", ">200000:2.5/0.25/-/15", "0.5")]
    [InlineData("bedrock/global.anthropic.claude-sonnet-4-6-v1:0", "2026-08-21", "USD", "3/0.3/3.75/15", "", "")]
    [InlineData("mistral/mistral-small-2603", "2026-07-02", "USD", "0.15/0.015/-/0.6", "", "0.5")]
    [InlineData("deepseek/deepseek-flash", "2026-09-10", "CNY", "1/0.02/-/4", "", "")]
    [InlineData("deepseek/deepseek-v4-pro", "2026-08-16T16:00:00Z", "CNY", "4.5/0.15/-/13.5", "", "")]
    [InlineData("deepseek-usd/deepseek-flash", "2026-09-10", "USD", "0.15/0.003/-/0.6", "", "")]
    [InlineData("deepseek-usd/deepseek-v4-flash", "2026-07-02", "USD", "0.14/0.0028/-/0.28", "", "")]
    [InlineData("deepseek-usd/deepseek-v4-flash", "2026-08-16T16:00:00Z", "USD", "0.22/0.007/-/0.66", "", "")]
    [InlineData("qwen/qwen3.6-plus", "2026-07-01", "CNY", "2/0.4/2.5/12", ">256000:8/1.6/10/48", "0.5")]
    [InlineData("qwen/qwen-plus", "2026-07-01", "CNY", "0.8/0.16/-/8", ">128000:2.4/0.48/-/24 >256000:4.8/0.96/-/64", "0.5")]
    [InlineData("qwen/qwen-plus-non-thinking", "2026-07-01", "CNY", "0.8/0.16/-/2", ">128000:2.4/0.48/-/20 >256000:4.8/0.96/-/48", "0.5")]
    [InlineData("qwen-intl/qwen3.7-max", "2026-07-02", "USD", "2.5/0.5/3.125/7.5", "", "")]
    [InlineData("volcengine/doubao-seed-1-8-251228", "2026-07-01", "CNY", "0.8/0.16/-/8", "<=32000,200:0.8/0.16/-/2 >32000:1.2/0.16/-/16 >128000:2.4/0.16/-/24", "0.5")]
    [InlineData("qianfan/ernie-5.1", "2026-07-01", "CNY", "4/-/-/18", ">32000:6/-/-/22", "")]
    [InlineData("hunyuan/hunyuan-2.0-thinking-20251109", "2026-07-01", "CNY", "3.975/-/-/15.9", ">32000:5.3/-/-/21.2", "")]
    [InlineData("hunyuan-intl/hy4", "2026-10-01", "USD", "0.417/-/-/1.2505", "", "")]
    [InlineData("zhipu/glm-4.7", "2026-07-01", "CNY", "3/0.6/-/14", "<=32000,200:2/0.4/-/8 >32000:4/0.8/-/16", "")]
    [InlineData("zhipu/glm-4.7-flash", "2026-07-01", "CNY", "0/0/-/0", "", "")]
    [InlineData("zai/glm-5.3", "2026-08-19", "USD", "1.4/0.26/-/4.4", "", "")]
    [InlineData("moonshot/kimi-k2.6", "2026-07-01", "CNY", "6.5/1.1/-/27", "", "")]
    [InlineData("moonshot-intl/kimi-k3.1-pro", "2026-10-24", "USD", "2/0.2/-/10", "", "")]
    [InlineData("minimax/MiniMax-M3", "2026-08-21", "USD", "0.3/0.06/-/1.2", ">512000:0.6/0.12/-/2.4", "")]
    [InlineData("siliconflow/deepseek-ai/DeepSeek-V3.2", "2026-07-02", "CNY", "2/-/-/3", "", "")]
    [InlineData("xai/grok-4.7", "2026-09-29", "USD", "2/0.5/-/6", ">200000:4/1/-/12", "")]
    public void Its_figures_are_those_of_the_sources(string name, string from, string currency, string rates, string tiers, string batch)
    {
        var entry = Assert.Single(Prices.Entries, entry => entry.Name == name && entry.From == Price.At(from));

        Assert.Equal(currency, entry.Currency.Code);
        Assert.Equal(1_000_000, entry.Per);
        Assert.Equal(rates, Show(entry.Rates));
        Assert.Equal(tiers, string.Join(' ', entry.Tiers.Select(Show)));
        Assert.Equal(batch, entry.Batch?.ToString(CultureInfo.InvariantCulture) ?? "");
    }

    [Fact]
    public void DeepSeek_doubles_its_prices_in_the_working_hours_of_Beijing()
    {
        var windows = Prices.Entries.Where(entry => entry.Windows is not null).ToArray();

        Assert.All(windows, entry => Assert.StartsWith("deepseek", entry.Name, StringComparison.Ordinal));
        Assert.Equal(7, windows.Length);
        Assert.All(windows.Select(entry => entry.Windows!), window =>
        {
            Assert.Equal("Asia/Shanghai", window.TimeZone.Id);
            Assert.Equal(2m, window.Multiplier);
            Assert.Equal(["09:00-12:00", "14:00-18:00"], window.When.Select(when => $"{when.Start:HH\\:mm}-{when.End:HH\\:mm}"));
            Assert.All(window.When, when => Assert.Equal(5, when.Days.Count(day => day is not DayOfWeek.Saturday and not DayOfWeek.Sunday)));
        });
    }

    private static string Show(PriceTier tier) =>
        (tier.InputUpTo is null ? $">{tier.InputOver}:" : $"<={tier.InputUpTo},{tier.OutputUpTo}:") + Show(tier.Rates);

    private static string Show(Rates rates) => string.Join('/', new[] { rates.Input, rates.CachedInput, rates.CacheWrite, rates.Output }
        .Select(rate => rate?.ToString(CultureInfo.InvariantCulture) ?? "-"));

    private static (bool, bool, bool, bool, bool) Shape(Rates rates) =>
        (rates.Input is null, rates.CachedInput is null, rates.CacheWrite is null, rates.Output is null, rates.Reasoning is null);

    [GeneratedRegex(@"\b20\d\d\b")]
    private static partial Regex AYear();
}
