using CsCheck;
using LlmGateway.Caching.Semantic.Index;

namespace LlmGateway.Tests.Caching.Semantic.Index;

/// <summary>Whatever is done in whatever order: what is found, and even what is looked at, is of the partition that was asked, and is there.</summary>
public class IsolationPropertyTests
{
    private const int Dimensions = 32;
    private const int Ids = 160;

    private static readonly DateTimeOffset Start = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    // Few vectors for all partitions, so that each partition has what the others are asked for.
    private static readonly float[][] Known = [.. Enumerable.Range(0, 12).Select(seed => Vectors.Random(new Random(seed), Dimensions))];

    private enum Act
    {
        Add,
        Remove,
        Use,
        Search,
        Drop,
        Expire,
    }

    private static readonly Gen<(Act Act, int Partition, int Id, int Vector, int Seconds)[]> Walks =
        Gen.Select(
            Gen.Frequency((12, Gen.Const(Act.Add)), (5, Gen.Const(Act.Remove)), (2, Gen.Const(Act.Use)), (6, Gen.Const(Act.Search)), (1, Gen.OneOf(Act.Drop, Act.Expire))),
            Gen.Int[0, 3], Gen.Int[0, Ids - 1], Gen.Int[0, Known.Length - 1], Gen.Int[0, 100]).Array[1, 400];

    [Fact]
    public void No_candidate_of_another_partition_is_ever_scored() =>
        Walks.Sample(walk => Walk(walk, mostBytes: 10_000_000), iter: 500);

    [Fact]
    public void Nor_when_there_is_room_for_a_few_only_and_the_bound_holds_after_every_step() =>
        Walks.Sample(walk => Walk(walk, mostBytes: 12_000), iter: 500);

    private static void Walk((Act Act, int Partition, int Id, int Vector, int Seconds)[] walk, long mostBytes)
    {
        var model = new Dictionary<EntryId, (int Partition, int Vector, DateTimeOffset ExpiresAt)>();
        var scored = new List<EntryId>();
        var index = new VectorIndex(Dimensions, mostBytes) { OnScored = scored.Add, OnEvicted = id => Assert.True(model.Remove(id)) };
        var now = Start;
        foreach (var (act, partition, number, vector, seconds) in walk)
        {
            var id = new EntryId(0, (ulong)number);
            switch (act)
            {
                case Act.Add:
                    model[id] = (partition, vector, now.AddSeconds(seconds));
                    Assert.Equal(index.Add(Key(partition), id, Known[vector], new EntryValue(seconds, vector, now.AddSeconds(seconds))), model.ContainsKey(id));
                    break;
                case Act.Remove:
                    Assert.Equal(model.Remove(id), index.Remove(id));
                    break;
                case Act.Use:
                    Assert.Equal(model.ContainsKey(id), index.Use(id));
                    break;
                case Act.Search:
                    scored.Clear();
                    Search(index, model, scored, partition, Known[vector], now);
                    break;
                case Act.Drop:
                    Assert.Equal(Forget(model, entry => entry.Partition == partition), index.DropPartition(Key(partition)));
                    break;
                case Act.Expire:
                    now = now.AddSeconds(seconds);
                    Assert.Equal(Forget(model, entry => entry.ExpiresAt <= now), index.RemoveExpired(now));
                    break;
            }

            Assert.Equal(model.Count, index.Count);
            Assert.Equal(model.Values.DistinctBy(entry => entry.Partition).Count(), index.Partitions);
            Assert.InRange(index.Bytes, (long)index.Count * index.BytesOfEntry, mostBytes);
        }
    }

    private static void Search(
        VectorIndex index, Dictionary<EntryId, (int Partition, int Vector, DateTimeOffset ExpiresAt)> model, List<EntryId> scored, int partition, float[] vector, DateTimeOffset now)
    {
        var results = new VectorMatch[5];
        var found = results[..index.Search(Key(partition), vector, results, now)];
        var there = model.Where(entry => entry.Value.Partition == partition && entry.Value.ExpiresAt > now)
            .ToDictionary(entry => entry.Key, entry => Vectors.Cosine(vector, Known[entry.Value.Vector]));

        // Among so few none is left out by its sketch.
        Assert.Equal(there.Count <= NearestSketches.Most ? there.Count : NearestSketches.Most, scored.Count);
        Assert.All(scored, id => Assert.Contains(id, there));
        Assert.Equal(Math.Min(there.Count, results.Length), found.Length);
        Assert.Equal(found.Length, found.DistinctBy(match => match.Id).Count());
        Assert.All(found, match => Assert.Equal(there[match.Id], match.Score, 0.02));
        if (there.Count <= NearestSketches.Most)
        {
            Assert.All(found.Zip(there.Values.OrderDescending()), pair => Assert.Equal(pair.Second, pair.First.Score, 0.02));
        }
    }

    private static int Forget(
        Dictionary<EntryId, (int Partition, int Vector, DateTimeOffset ExpiresAt)> model, Func<(int Partition, int Vector, DateTimeOffset ExpiresAt), bool> which) =>
        model.Where(entry => which(entry.Value)).Select(entry => entry.Key).ToArray().Count(model.Remove);

    // They differ in the last part only: a hash that were compared by its first would mix them up.
    private static PartitionKey Key(int number) => new(5, 5, 5, (ulong)number);
}
