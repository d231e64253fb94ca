using CsCheck;
using LlmGateway.Caching.Semantic.Index;

namespace LlmGateway.Tests.Caching.Semantic.Index;

public class EvictionTests
{
    private const int Dimensions = 64;

    private static readonly DateTimeOffset Later = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    private static readonly PartitionKey Partition = new(1, 2, 3, 4);

    private readonly List<int> _evicted = [];
    private readonly Random _random = new(3);
    private readonly VectorIndex _index;
    private int _next;

    public EvictionTests() => _index = new VectorIndex(Dimensions, 40_000) { OnEvicted = id => _evicted.Add((int)id.Second) };

    [Fact]
    public void What_saves_little_goes_first()
    {
        FillWith(number => new EntryValue(number % 2 == 0 ? 1000 : 1, 500, Later));
        var count = _evicted.Count;
        Fill(50, _ => new EntryValue(1000, 500, Later));

        Assert.NotEqual(count, _evicted.Count);
        Assert.All(_evicted, number => Assert.Equal(1, number % 2));
    }

    [Fact]
    public void What_is_large_for_what_it_saves_goes_first()
    {
        FillWith(number => new EntryValue(1000, number % 2 == 0 ? 100 : 10_000, Later));
        Fill(20, _ => new EntryValue(1000, 100, Later));

        Assert.All(_evicted, number => Assert.Equal(1, number % 2));
    }

    [Fact]
    public void What_was_of_use_outlasts_what_was_not()
    {
        FillWith(_ => new EntryValue(100, 500, Later));
        var used = _next / 2;
        Assert.True(_index.Use(new EntryId(0, (ulong)used)));
        Fill(_next / 2 + 10, _ => new EntryValue(100, 500, Later));

        Assert.DoesNotContain(used, _evicted);
        Assert.Contains(used + 1, _evicted);
    }

    [Fact]
    public void What_was_of_use_once_goes_in_the_end()
    {
        FillWith(_ => new EntryValue(100, 500, Later));
        var used = _next - 1;
        for (var i = 0; i < 5; i++)
        {
            _index.Use(new EntryId(0, (ulong)used));
        }

        Fill(10 * _next, _ => new EntryValue(100, 500, Later));

        Assert.Contains(used, _evicted);
    }

    [Fact]
    public void A_flood_of_what_saves_nothing_leaves_what_saves_much()
    {
        FillWith(number => new EntryValue(100 + number, 500, Later));
        var (before, first) = (_evicted.Count, _next);
        Fill(20 * first, _ => new EntryValue(0, 500, Later));
        var gone = _evicted.Skip(before).ToArray();

        // A few of them go when the arrays of the partition grow.
        Assert.InRange(gone.Count(number => number < first), 0, first / 4);
        Assert.InRange(gone.Count(number => number >= first), 19 * first, 20 * first);
        Assert.Equal(_evicted.Count, _index.Evicted);
    }

    [Fact]
    public void What_does_not_fit_at_all_is_not_kept()
    {
        var index = new VectorIndex(Dimensions, 100) { OnEvicted = id => _evicted.Add((int)id.Second) };

        Assert.False(index.Add(Partition, new EntryId(0, 1), Vectors.Random(_random, Dimensions), new EntryValue(1, 1, Later)));
        Assert.Equal([1], _evicted);
        Assert.Equal((0, 0L), (index.Count, index.Bytes));
    }

    [Fact]
    public void The_order_is_by_priority_and_then_by_last_touch() =>
        Gen.Select(Gen.OneOf('+', '+', '-', '*'), Gen.Int[0, 40], Gen.Int[0, 5]).Array[1, 300].Sample(steps =>
        {
            var order = new EvictionOrder();
            var model = new Dictionary<int, (double Priority, int Touched)>();
            for (var i = 0; i < steps.Length; i++)
            {
                var (act, handle, priority) = steps[i];
                if (act == '-' && model.Remove(handle))
                {
                    order.Remove(handle);
                }
                else if (act == '+' && model.TryAdd(handle, (priority, i)))
                {
                    order.Add(handle, priority);
                }
                else if (act == '*' && model.ContainsKey(handle))
                {
                    model[handle] = (priority, i);
                    order.Change(handle, priority);
                }

                Assert.Equal(model.Count == 0, order.IsEmpty);
                if (model.Count > 0)
                {
                    var lowest = model.MinBy(entry => entry.Value);
                    Assert.Equal((lowest.Key, lowest.Value.Priority), order.Lowest);
                }
            }
        }, iter: 2_000);

    private void FillWith(Func<int, EntryValue> value)
    {
        while (_index.Evicted == 0)
        {
            Fill(1, value);
        }
    }

    private void Fill(int count, Func<int, EntryValue> value)
    {
        for (var i = 0; i < count; i++, _next++)
        {
            _index.Add(Partition, new EntryId(0, (ulong)_next), Vectors.Random(_random, Dimensions), value(_next));
        }
    }
}
