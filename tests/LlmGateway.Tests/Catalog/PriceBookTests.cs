using CsCheck;
using LlmGateway.Catalog;

namespace LlmGateway.Tests.Catalog;

public class PriceBookTests
{
    private static readonly PriceBook Book = new(
    [
        Price.Entry("acme/one", "2026-09-10", input: 3),
        Price.Entry("acme/one", "2026-01-01", input: 1),
        Price.Entry("acme/one", "2026-08-16T16:00:00Z", input: 2),
        Price.Entry("acme/two", "2027-01-01", input: 9),
    ]);

    [Theory]
    [InlineData("2025-12-31T23:59:59.9999999Z", null)]
    [InlineData("2026-01-01T00:00:00Z", 1)]
    [InlineData("2026-08-16T15:59:59.9999999Z", 1)]
    [InlineData("2026-08-16T16:00:00Z", 2)]
    [InlineData("2026-09-09T23:59:59.9999999Z", 2)]
    [InlineData("2026-09-10T00:00:00Z", 3)]
    [InlineData("2026-09-10T07:59:59+08:00", 2)]
    [InlineData("2026-09-10T08:00:00+08:00", 3)]
    [InlineData("2999-01-01T00:00:00Z", 3)]
    public void The_latest_entry_that_has_begun_is_in_force(string at, int? input)
    {
        Assert.Equal(input, Book.InForce("acme/one", Price.At(at))?.Rates.Input);
    }

    [Fact]
    public void A_name_without_a_begun_entry_has_no_price()
    {
        Assert.Null(Book.InForce("acme/two", Price.At("2026-12-31T23:59:59Z")));
        Assert.Null(Book.InForce("acme/three", Price.At("2026-12-31")));
        Assert.Null(Book.InForce("ACME/one", Price.At("2026-12-31")));
        Assert.Null(PriceBook.Empty.InForce("acme/one", Price.At("2026-12-31")));
    }

    [Fact]
    public void The_search_finds_what_a_scan_finds()
    {
        var start = Price.At("2026-01-01");
        Gen.Select(Gen.Int[0, 50].ArrayUnique[0, 20], Gen.Int[-1, 51]).Sample((days, probe) =>
        {
            var book = new PriceBook(days.Select(day => Price.Entry(from: start.AddDays(day).ToString("O"), input: day)));
            var expected = days.Where(day => day <= probe).Select(day => (decimal?)day).Max();
            return book.InForce("acme/one", start.AddDays(probe))?.Rates.Input == expected;
        });
    }
}
