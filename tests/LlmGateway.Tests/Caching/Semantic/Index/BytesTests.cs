using LlmGateway.Caching.Semantic.Index;

namespace LlmGateway.Tests.Caching.Semantic.Index;

/// <summary>By itself: it measures the memory of the process.</summary>
[Collection(nameof(BytesTests))]
[CollectionDefinition(nameof(BytesTests), DisableParallelization = true)]
public class BytesTests
{
    private static readonly DateTimeOffset Later = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(256, 5_000, 1)]
    [InlineData(384, 5_000, 100)]
    [InlineData(384, 3_000, 3_000)]
    public void What_is_accounted_for_is_what_is_taken(int dimensions, int entries, int partitions)
    {
        var random = new Random(1);
        var vector = Vectors.Random(random, dimensions);
        Add(new VectorIndex(dimensions, long.MaxValue), vector, 100, 1);
        var before = Heap();

        var index = new VectorIndex(dimensions, long.MaxValue);
        Add(index, vector, entries, partitions);
        var taken = Heap() - before;

        Assert.Equal(entries, index.Count);
        Assert.InRange((double)index.Bytes / taken, 0.85, 1.25);
        GC.KeepAlive(index);
    }

    [Theory]
    [InlineData(256, 32 + 256 + 32 + 132)]
    [InlineData(384, 48 + 384 + 32 + 132)]
    public void An_entry_takes_a_bit_and_a_byte_for_each_dimension_and_what_finds_it(int dimensions, int bytes)
    {
        var index = new VectorIndex(dimensions, long.MaxValue);
        Add(index, Vectors.Random(new Random(1), dimensions), 10_240, 1);

        Assert.Equal(bytes, index.BytesOfEntry);
        Assert.Equal(bytes, (double)index.Bytes / index.Count, 1d);
    }

    /// <summary>Without what earlier tests have left to finalizers, which would go while this one is measured.</summary>
    private static long Heap()
    {
        var (last, heap) = (long.MaxValue, GC.GetTotalMemory(forceFullCollection: true));
        for (var i = 0; i < 10 && heap < last; i++)
        {
            GC.WaitForPendingFinalizers();
            (last, heap) = (heap, GC.GetTotalMemory(forceFullCollection: true));
        }

        return heap;
    }

    private static void Add(VectorIndex index, float[] vector, int entries, int partitions)
    {
        for (var i = 0; i < entries; i++)
        {
            index.Add(new PartitionKey((ulong)(i % partitions), 0, 0, 0), new EntryId(1, (ulong)i), vector, new EntryValue(1, 1, Later));
        }
    }
}
