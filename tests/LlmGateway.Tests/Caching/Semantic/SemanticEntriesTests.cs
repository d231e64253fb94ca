using CsCheck;
using LlmGateway.Caching.Semantic;
using LlmGateway.Caching.Semantic.Index;
using LlmGateway.Tests.Caching.Entries;
using LlmGateway.Tests.Caching.Semantic.Index;

namespace LlmGateway.Tests.Caching.Semantic;

public sealed class SemanticEntriesTests
{
    private const int Dimensions = 32;
    private const long Bound = 200_000;

    private static readonly PartitionKey Mine = new(1, 2, 3, 4);
    private static readonly PartitionKey Theirs = new(1, 2, 3, 5);

    private readonly SemanticEntries _entries = new(Dimensions, Bound);

    [Fact]
    public void It_never_takes_more_than_its_bound_and_what_goes_is_found_in_no_way() =>
        Gen.Select(Gen.Int[1, 400], Gen.Int[1, 1_500]).Array[100, 600].Sample(
            steps =>
            {
                var entries = new SemanticEntries(Dimensions, Bound);
                foreach (var (number, length) in steps)
                {
                    Add(entries, number, new string('x', length));
                    Assert.InRange(entries.Bytes, 0, Bound);
                }

                var there = Enumerable.Range(1, 400).Where(number => entries.FindEqual(Mine, SemanticEntries.EqualityOf($"{number}")) is not null).ToArray();
                Assert.Equal(entries.Count, there.Length);
                Assert.All(Enumerable.Range(1, 400), number => Assert.Equal(there.Contains(number), entries.Forget("acme", $"req-{number}")));
                Assert.Equal((0, 0), (entries.Count, entries.Partitions));
            },
            iter: 30);

    [Fact]
    public void The_one_that_saves_least_goes_first()
    {
        Add(_entries, 1, new string('x', 1_000), saved: 1_000_000);
        for (var i = 2; i < 200; i++)
        {
            Add(_entries, i, new string('x', 1_000), saved: 1);
        }

        Assert.NotEqual(0, _entries.Evicted);
        Assert.NotNull(_entries.FindEqual(Mine, SemanticEntries.EqualityOf("1")));
    }

    [Fact]
    public void One_under_the_same_key_takes_the_place_of_the_other()
    {
        Add(_entries, 1, "one");
        Add(_entries, 1, "two");
        Assert.Equal(1, _entries.Count);
        Assert.Equal("two", _entries.FindEqual(Mine, SemanticEntries.EqualityOf("1"))!.Text);
    }

    [Fact]
    public void What_is_equal_is_found_in_its_own_partition_only()
    {
        Add(_entries, 1, "one");
        Assert.Null(_entries.FindEqual(Theirs, SemanticEntries.EqualityOf("1")));
        var results = new (SemanticEntry, float)[5];
        Assert.Equal((1, 0), (_entries.Search(Mine, VectorOf(1), results, SemanticRig.Now), _entries.Search(Theirs, VectorOf(1), results, SemanticRig.Now)));
    }

    [Fact]
    public void Of_two_that_are_equal_the_later_is_found_and_its_going_leaves_the_other_to_its_vector()
    {
        Add(_entries, 1, "one", equal: "same");
        Add(_entries, 2, "two", equal: "same");
        Assert.Equal("two", _entries.FindEqual(Mine, SemanticEntries.EqualityOf("same"))!.Text);
        Assert.True(_entries.Forget("acme", "req-1"));
        Assert.Equal("two", _entries.FindEqual(Mine, SemanticEntries.EqualityOf("same"))!.Text);
        Assert.True(_entries.Forget("acme", "op-2"));
        Assert.Null(_entries.FindEqual(Mine, SemanticEntries.EqualityOf("same")));
    }

    [Fact]
    public void Sweeping_gives_back_what_has_expired()
    {
        Add(_entries, 1, "one");
        Add(_entries, 2, "two");
        _entries.Sweep(SemanticRig.Now.AddSeconds(1));
        Assert.Equal(1, _entries.Count);
        _entries.Sweep(SemanticRig.Now.AddSeconds(2));
        Assert.Equal((0, 0, 0L), (_entries.Count, _entries.Partitions, _entries.Bytes));
    }

    private static void Add(SemanticEntries entries, int number, string text, long saved = 10, string? equal = null) => entries.Add(
        new SemanticEntry
        {
            Key = SomeEntry.Key(number),
            Partition = Mine,
            Text = text,
            Equality = SemanticEntries.EqualityOf(equal ?? $"{number}"),
            Writer = new SemanticAsker("acme", "search", "key_1", null, $"req-{number}", $"op-{number}"),
            ExpiresAt = SemanticRig.Now.AddSeconds(number),
            Saved = saved,
            AnswerBytes = 1_000,
        },
        VectorOf(number));

    private static float[] VectorOf(int seed) => Vectors.Random(new Random(seed), Dimensions);
}
