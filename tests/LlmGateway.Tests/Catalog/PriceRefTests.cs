using LlmGateway.Catalog;

namespace LlmGateway.Tests.Catalog;

public class PriceRefTests
{
    [Theory]
    [InlineData("2026-09-10", "acme/one@2026-09-10")]
    [InlineData("2026-09-10T08:00:00+08:00", "acme/one@2026-09-10")]
    [InlineData("2026-08-17T00:00:00+08:00", "acme/one@2026-08-16T16:00:00Z")]
    public void An_entry_is_named_by_its_first_day_in_utc(string from, string expected)
    {
        Assert.Equal(expected, PriceRef.Of(Price.Entry(from: from)));
    }

    [Fact]
    public void What_applied_stands_behind_the_entry_in_a_fixed_order()
    {
        var entry = Price.Entry(from: "2026-09-10");

        Assert.Equal("acme/one@2026-09-10", PriceRef.Settled(entry, null, null, null));
        Assert.Equal("acme/one@2026-09-10;tier>256000;window*2;batch*0.5", PriceRef.Settled(entry, Price.Tier(over: 256_000), 2.00m, 0.50m));
        Assert.Equal("acme/one@2026-09-10;tier>0<=32000,out<=200", PriceRef.Settled(entry, Price.Tier(upTo: 32_000, outputUpTo: 200), null, null));
        Assert.Equal("acme/one@2026-09-10;window*1.125", PriceRef.Settled(entry, null, 1.125m, null));
    }
}
