using LlmGateway.Metering;
using LlmGateway.Protocols.Usage;
using LlmGateway.Tests.Catalog;

namespace LlmGateway.Tests.Metering;

/// <summary>Invoice lines worked out by hand from the shipped prices.</summary>
public class GoldenCostTests
{
    [Theory]
    // DeepSeek: 100K cached, 50K fresh, 20K out, at the hours of Monday 2026-11-23 in Beijing.
    [InlineData("deepseek/deepseek-flash", "2026-11-23T08:59:59+08:00", 150_000, 100_000, 0, 20_000, "0.132000000 CNY", "@2026-09-10")]
    [InlineData("deepseek/deepseek-flash", "2026-11-23T09:00:00+08:00", 150_000, 100_000, 0, 20_000, "0.264000000 CNY", "@2026-09-10;window*2")]
    [InlineData("deepseek/deepseek-flash", "2026-11-23T13:00:00+08:00", 150_000, 100_000, 0, 20_000, "0.132000000 CNY", "@2026-09-10")]
    [InlineData("deepseek/deepseek-flash", "2026-11-22T10:00:00+08:00", 150_000, 100_000, 0, 20_000, "0.132000000 CNY", "@2026-09-10")]
    [InlineData("deepseek-usd/deepseek-v4-flash", "2026-08-16T15:59:59Z", 1_000_000, 0, 0, 1_000_000, "0.420000000 USD", "@2026-07-02")]
    [InlineData("deepseek-usd/deepseek-v4-flash", "2026-08-16T16:00:00Z", 1_000_000, 0, 0, 1_000_000, "0.880000000 USD", "@2026-08-16T16:00:00Z")]
    // Qwen: the whole request at the tier of its input.
    [InlineData("qwen/qwen3.5-plus", "2026-11-23", 128_000, 0, 0, 1_000, "0.107200000 CNY", "@2026-07-01")]
    [InlineData("qwen/qwen3.5-plus", "2026-11-23", 128_001, 0, 0, 1_000, "0.268002000 CNY", "@2026-07-01;tier>128000")]
    [InlineData("qwen/qwen3.5-plus", "2026-11-23", 256_001, 0, 0, 1_000, "1.048004000 CNY", "@2026-07-01;tier>256000")]
    // Doubao: short answers to short prompts are cheaper.
    [InlineData("volcengine/doubao-seed-1-8-251228", "2026-11-23", 10_000, 0, 0, 200, "0.008400000 CNY", "@2026-07-01;tier>0<=32000,out<=200")]
    [InlineData("volcengine/doubao-seed-1-8-251228", "2026-11-23", 10_000, 0, 0, 201, "0.009608000 CNY", "@2026-07-01")]
    [InlineData("volcengine/doubao-seed-1-8-251228", "2026-11-23", 32_001, 0, 0, 200, "0.041601200 CNY", "@2026-07-01;tier>32000")]
    // Claude Haiku 5.5: the length counts what was read from and written to the cache.
    [InlineData("anthropic/claude-haiku-5-5", "2026-11-23", 100_000, 90_000, 10_000, 1_000, "0.002650000 USD", "@2026-10-07")]
    [InlineData("anthropic/claude-haiku-5-5", "2026-11-23", 100_001, 90_001, 10_000, 1_000, "0.013250050 USD", "@2026-10-07;tier>100000")]
    // GPT-5.x: beyond 272K twice the input and half again the output.
    [InlineData("openai/gpt-5.4", "2026-11-23", 272_000, 0, 0, 1_000, "0.695000000 USD", "@2026-08-21")]
    [InlineData("openai/gpt-5.4", "2026-11-23", 272_001, 0, 0, 1_000, "1.382505000 USD", "@2026-08-21;tier>272000")]
    [InlineData("openai/gpt-5.6-terra", "2026-07-29T23:59:59Z", 1_000, 0, 1_000, 0, "0.003125000 USD", "@2026-07-24")]
    [InlineData("openai/gpt-5.6-terra", "2026-07-30T00:00:00Z", 1_000, 0, 1_000, 0, "0.002500000 USD", "@2026-07-30")]
    // Claude Sonnet 5.5: reading the cache became cheaper at midnight.
    [InlineData("anthropic/claude-sonnet-5-5", "2026-10-06T23:59:59Z", 100_000, 100_000, 0, 0, "0.020000000 USD", "@2026-09-28")]
    [InlineData("anthropic/claude-sonnet-5-5", "2026-10-07T00:00:00Z", 100_000, 100_000, 0, 0, "0.010000000 USD", "@2026-10-07")]
    // Gemini Flash: the promotion ends with the year.
    [InlineData("gemini/gemini-3.8-flash", "2026-12-31T23:59:59Z", 1, 0, 0, 1, "0.000004500 USD", "@2026-10-07")]
    [InlineData("gemini/gemini-3.8-flash", "2027-01-01T00:00:00Z", 1, 0, 0, 1, "0.000009000 USD", "@2027-01-01")]
    public void A_line_of_an_invoice(string name, string at, long input, long cached, long written, long output, string cost, string reference)
    {
        var start = Price.At(at);
        var entry = PricesFile.Prices.InForce(name, start);
        Assert.NotNull(entry);

        var result = CostCalculator.Cost(entry, start, new TokenUsage(input, cached, written, output, 0));

        Assert.Equal(cost, result.Cost.ToString());
        Assert.Equal(name + reference, result.PriceRef);
    }
}
