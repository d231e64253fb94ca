using LlmGateway.Caching.Semantic.Index;

namespace LlmGateway.Benchmarks;

/// <summary>One partition of vectors in clusters, as questions come in topics, and questions near to some of them.</summary>
internal sealed class SemanticIndexData
{
    private const int Topics = 500;
    private const int Questions = 1000;

    private static readonly PartitionKey Partition = new(1, 2, 3, 4);

    private readonly DateTimeOffset _now = BenchmarkData.Noon;
    private readonly VectorIndex _index;
    private readonly float[][] _questions = new float[Questions][];

    public SemanticIndexData(int entries, int dimensions)
    {
        var random = new Random(1);
        var topics = Enumerable.Range(0, Topics).Select(_ => Noise(random, dimensions, 1f)).ToArray();
        _index = new VectorIndex(dimensions, long.MaxValue);
        for (var i = 0; i < entries; i++)
        {
            var vector = Near(topics[i % Topics], random, 0.7f);
            Add(i, vector);
            if (i < Questions)
            {
                _questions[i] = Near(vector, random, 0.4f);
            }
        }
    }

    public long Bytes => _index.Bytes;

    public int Search(int question, Span<VectorMatch> results) => _index.Search(Partition, _questions[question % Questions], results, _now);

    /// <summary>Whether the first that is found is the one that the question was made of.</summary>
    public bool Finds(int question, Span<VectorMatch> results) =>
        Search(question, results) > 0 && results[0].Id.Second == (ulong)(question % Questions);

    public void Add(int number) => Add(number, _questions[0]);

    public bool Remove(int number) => _index.Remove(new EntryId(0, (ulong)number));

    private static float[] Near(float[] vector, Random random, float distance)
    {
        var noise = Noise(random, vector.Length, distance);
        for (var i = 0; i < noise.Length; i++)
        {
            noise[i] += vector[i];
        }

        return noise;
    }

    private static float[] Noise(Random random, int dimensions, float scale)
    {
        var vector = new float[dimensions];
        for (var i = 0; i < dimensions; i++)
        {
            // Near enough to a normal distribution.
            vector[i] = scale * (random.NextSingle() + random.NextSingle() + random.NextSingle() + random.NextSingle() - 2f) * 1.7f;
        }

        return vector;
    }

    private void Add(int number, float[] vector) =>
        _index.Add(Partition, new EntryId(0, (ulong)number), vector, new EntryValue(1000, 2000, _now.AddDays(1)));
}
