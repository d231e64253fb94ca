using LlmGateway.Caching.Semantic.Index;

namespace LlmGateway.Tests.Caching.Semantic.Index;

/// <summary>Sketches and bytes find what a comparison with every vector finds.</summary>
public class RecallTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
    private static readonly PartitionKey Partition = new(1, 2, 3, 4);

    /// <summary>Questions come in topics: the wrong ones that are nearest are of the same.</summary>
    [Theory]
    [InlineData(256)]
    [InlineData(384)]
    public void Of_100_questions_99_find_the_nearest_of_4000_in_clusters(int dimensions)
    {
        const int topics = 100;
        const int entries = 4_000;
        const int questions = 300;
        var random = new Random(dimensions);
        var centres = Enumerable.Range(0, topics).Select(_ => Vectors.Random(random, dimensions)).ToArray();
        var vectors = new float[entries][];
        var index = new VectorIndex(dimensions, long.MaxValue);
        for (var i = 0; i < entries; i++)
        {
            vectors[i] = Vectors.Near(centres[i % topics], 0.7 + (0.25 * random.NextDouble()), random);
            index.Add(Partition, new EntryId(0, (ulong)i), vectors[i], new EntryValue(1, 1, Now.AddDays(1)));
        }

        var found = 0;
        var results = new VectorMatch[5];
        for (var i = 0; i < questions; i++)
        {
            var asked = Vectors.Near(vectors[random.Next(entries)], 0.75 + (0.24 * random.NextDouble()), random);
            var cosines = Array.ConvertAll(vectors, vector => Vectors.Cosine(asked, vector));
            var nearest = Array.IndexOf(cosines, cosines.Max());
            index.Search(Partition, asked, results, Now);
            found += results[0].Id.Second == (ulong)nearest ? 1 : 0;
        }

        Assert.InRange(found, (int)(0.99 * questions), questions);
    }
}
