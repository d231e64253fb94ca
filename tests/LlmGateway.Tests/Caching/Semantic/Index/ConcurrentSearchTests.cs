using LlmGateway.Caching.Semantic.Index;

namespace LlmGateway.Tests.Caching.Semantic.Index;

public class ConcurrentSearchTests
{
    private const int Dimensions = 64;

    private static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
    private static readonly EntryValue Value = new(1, 1, Now.AddDays(1));
    private static readonly PartitionKey[] Partitions = [new(0, 0, 0, 0), new(0, 0, 0, 1)];

    /// <summary>While others come and go around them, entries that stay are found in every search, and each vector has its own id.</summary>
    [Fact]
    public async Task Searches_see_whole_entries_while_others_are_written()
    {
        const int kept = 40;
        const int churn = 30_000;
        var vectors = Enumerable.Range(0, 2 * kept).Select(seed => Vectors.Random(new Random(seed), Dimensions)).ToArray();
        var index = new VectorIndex(Dimensions, 100_000_000);
        for (var i = 0; i < kept; i++)
        {
            index.Add(Partitions[i % 2], new EntryId(0, (ulong)i), vectors[i], Value);
        }

        using var written = new CancellationTokenSource();
        var searches = Enumerable.Range(0, 3).Select(seed => Task.Run(() => Search(index, vectors, kept, seed, written.Token))).ToArray();
        var random = new Random(9);
        for (var i = 0; i < churn; i++)
        {
            // Of the other vectors, each under many ids, the last digits of which tell its vector.
            var which = kept + random.Next(kept);
            var id = new EntryId((ulong)random.Next(1, 20), (ulong)which);
            if (!index.Remove(id))
            {
                index.Add(Partitions[which % 2], id, vectors[which], Value);
            }
        }

        await written.CancelAsync();
        var counts = await Task.WhenAll(searches);

        Assert.All(counts, count => Assert.True(count > 0));
    }

    private static int Search(VectorIndex index, float[][] vectors, int kept, int seed, CancellationToken written)
    {
        var random = new Random(seed);
        var results = new VectorMatch[64];
        var count = 0;
        do
        {
            var which = random.Next(kept);
            var found = results.AsSpan(0, index.Search(Partitions[which % 2], vectors[which], results, Now));
            Assert.Equal(new EntryId(0, (ulong)which), found[0].Id);
            foreach (var match in found)
            {
                Assert.Equal(which % 2, (int)match.Id.Second % 2);
                Assert.Equal(Vectors.Cosine(vectors[which], vectors[(int)match.Id.Second]), match.Score, 0.02);
            }

            count++;
        }
        while (!written.IsCancellationRequested);
        return count;
    }
}
