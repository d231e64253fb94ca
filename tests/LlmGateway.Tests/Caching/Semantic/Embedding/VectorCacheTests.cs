using CsCheck;
using LlmGateway.Caching.Semantic.Embedding;

namespace LlmGateway.Tests.Caching.Semantic.Embedding;

public class VectorCacheTests
{
    private const int Size = VectorCache.Overhead + (4 * sizeof(float));

    [Fact]
    public void It_holds_what_was_asked_for_last_and_no_more_than_it_may() =>
        Gen.Select(Gen.Bool, Gen.Int[0, 9]).Array[1, 100].Sample(steps =>
        {
            var cache = new VectorCache((4 * Size) + 1);
            var model = new List<int>(); // the last that was asked for is the last
            foreach (var (set, number) in steps)
            {
                var key = VectorCache.KeyOf("acme", $"text {number}");
                if (set)
                {
                    cache.Set(key, EmbeddingResult.Of([number, 0, 0, 0]));
                    model.Remove(number);
                    model.Add(number);
                    model = model[^Math.Min(4, model.Count)..];
                }
                else
                {
                    Assert.Equal(model.Remove(number), cache.TryGet(key, out var found));
                    if (found.HasVector && found.Vector.Length > 0)
                    {
                        Assert.Equal(number, found.Vector.Span[0]);
                        model.Add(number);
                    }
                }

                Assert.Equal(model.Count, cache.Count);
                Assert.Equal(model.Count * Size, cache.Bytes);
            }
        }, iter: 1_000);

    [Fact]
    public void A_vector_that_does_not_fit_is_not_kept()
    {
        var cache = new VectorCache(Size - 1);
        cache.Set(VectorCache.KeyOf("acme", "text"), EmbeddingResult.Of(new float[4]));

        Assert.Equal((0, 0L), (cache.Count, cache.Bytes));
    }

    [Theory]
    [InlineData("acme", "xtext", "acmex", "text")]
    [InlineData("", "acme", "acme", "")]
    [InlineData("acme", "text", "acme", "Text")]
    [InlineData("acme", "text", "globex", "text")]
    public void Keys_of_two_texts_or_tenants_differ(string tenant, string text, string otherTenant, string otherText) =>
        Assert.NotEqual(VectorCache.KeyOf(tenant, text), VectorCache.KeyOf(otherTenant, otherText));
}
