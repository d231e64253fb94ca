using LlmGateway.Caching.Semantic.Index;

namespace LlmGateway.Tests.Caching.Semantic.Index;

public class VectorIndexTests
{
    private const int Dimensions = 64;

    private static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
    private static readonly PartitionKey Acme = new(1, 2, 3, 4);
    private static readonly PartitionKey Globex = new(1, 2, 3, 5);

    private readonly Random _random = new(7);
    private readonly VectorIndex _index = new(Dimensions, 1_000_000);

    [Fact]
    public void The_nearest_come_first()
    {
        var asked = Vectors.Random(_random, Dimensions);
        double[] cosines = [0.5, 0.99, 0.2, 0.9, 0.7, 0.8, 0.1];
        for (var i = 0; i < cosines.Length; i++)
        {
            Add(Acme, i, Vectors.Near(asked, cosines[i], _random));
        }

        var results = new VectorMatch[5];

        Assert.Equal(5, _index.Search(Acme, asked, results, Now));
        Assert.Equal([1, 3, 5, 4, 0], results.Select(match => (int)match.Id.Second));
        Assert.All(results.Zip([0.99, 0.9, 0.8, 0.7, 0.5]), pair => Assert.Equal(pair.Second, pair.First.Score, 0.01));
    }

    [Fact]
    public void The_same_vector_in_another_partition_is_not_found()
    {
        var vector = Vectors.Random(_random, Dimensions);
        Add(Acme, 1, vector);

        Assert.Empty(Search(Globex, vector));
    }

    [Fact]
    public void An_entry_that_has_expired_is_not_found_and_is_removed_when_asked()
    {
        var vector = Vectors.Random(_random, Dimensions);
        _index.Add(Acme, Id(1), vector, new EntryValue(1, 1, Now.AddSeconds(1)));
        _index.Add(Acme, Id(2), vector, new EntryValue(1, 1, Now.AddSeconds(2)));

        Assert.Equal([1, 2], Search(Acme, vector).Order());
        Assert.Equal([2], Search(Acme, vector, Now.AddSeconds(1)));
        Assert.Equal(1, _index.RemoveExpired(Now.AddSeconds(1)));
        Assert.Equal(1, _index.Count);
        Assert.Equal([2], Search(Acme, vector));
    }

    [Fact]
    public void An_entry_of_the_same_id_takes_the_place_of_the_earlier_one_also_in_another_partition()
    {
        var (first, second) = (Vectors.Random(_random, Dimensions), Vectors.Random(_random, Dimensions));
        Add(Acme, 1, first);
        Add(Globex, 1, second);

        Assert.Empty(Search(Acme, first));
        Assert.Equal([1], Search(Globex, second));
        Assert.Equal((1, 1), (_index.Count, _index.Partitions));
    }

    [Fact]
    public void Nothing_is_left_of_what_was_removed()
    {
        for (var i = 0; i < 2000; i++)
        {
            Add(i % 2 == 0 ? Acme : Globex, i, Vectors.Random(_random, Dimensions));
        }

        Assert.Equal(1000, _index.DropPartition(Globex));
        Assert.Equal(0, _index.DropPartition(Globex));
        Assert.Equal((1000, 1), (_index.Count, _index.Partitions));
        Assert.False(_index.Remove(Id(1)));
        Assert.All(Enumerable.Range(0, 1000), i => Assert.True(_index.Remove(Id(2 * i))));
        Assert.False(_index.Remove(Id(0)));
        Assert.Equal((0, 0, 0L), (_index.Count, _index.Partitions, _index.Bytes));
    }

    [Fact]
    public void A_vector_of_other_dimensions_is_refused_with_both_numbers()
    {
        var adding = Assert.Throws<ArgumentException>(() => Add(Acme, 1, new float[65]));
        var asking = Assert.Throws<ArgumentException>(() => Search(Acme, new float[63]));

        Assert.StartsWith("The index holds vectors of 64 dimensions, and this one has 65.", adding.Message);
        Assert.StartsWith("The index holds vectors of 64 dimensions, and this one has 63.", asking.Message);
    }

    [Fact]
    public void A_vector_without_direction_is_not_kept_and_finds_nothing()
    {
        Add(Acme, 1, Vectors.Random(_random, Dimensions));

        Assert.False(_index.Add(Acme, Id(2), new float[Dimensions], new EntryValue(1, 1, Now.AddDays(1))));
        Assert.Equal(1, _index.Count);
        Assert.Empty(Search(Acme, new float[Dimensions]));
    }

    [Fact]
    public void Candidates_beyond_the_first_64_by_sketch_are_not_scored()
    {
        var scored = 0;
        var index = new VectorIndex(Dimensions, 10_000_000) { OnScored = _ => scored++ };
        for (var i = 0; i < 5000; i++)
        {
            index.Add(Acme, Id(i), Vectors.Random(_random, Dimensions), new EntryValue(1, 1, Now.AddDays(1)));
        }

        index.Search(Acme, Vectors.Random(_random, Dimensions), new VectorMatch[5], Now);

        Assert.Equal(NearestSketches.Most, scored);
    }

    private static EntryId Id(int number) => new(9, (ulong)number);

    private void Add(PartitionKey partition, int id, float[] vector) =>
        Assert.True(_index.Add(partition, Id(id), vector, new EntryValue(1, 1, Now.AddDays(1))));

    private int[] Search(PartitionKey partition, float[] vector, DateTimeOffset? now = null)
    {
        var results = new VectorMatch[5];
        return [.. results.Take(_index.Search(partition, vector, results, now ?? Now)).Select(match => (int)match.Id.Second)];
    }
}
