using System.Reflection;
using CsCheck;
using LlmGateway.Routing.Prefixes;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Routing.Prefixes;

public class PrefixTableTests
{
    private const ulong One = 0x1111, Other = 0x2222;

    private readonly FakeTimeProvider _time = new();
    private readonly PrefixTable _table;

    public PrefixTableTests() => _table = new PrefixTable(_time);

    [Fact]
    public void A_prefix_is_known_of_the_deployment_that_it_was_sent_to_and_with_which_credential()
    {
        _table.Remember(prefix: 7, One, credential: 3, _table.Now);

        Assert.True(_table.TryFind(7, One, _table.Now, out var credential));
        Assert.Equal(3, credential);
        Assert.False(_table.TryFind(7, Other, _table.Now, out _));
        Assert.False(_table.TryFind(8, One, _table.Now, out _));
    }

    [Fact]
    public void It_is_forgotten_ten_minutes_after_its_last_use()
    {
        _table.Remember(7, One, 0, _table.Now);
        _time.Advance(TimeSpan.FromMinutes(9.9));
        _table.Remember(7, One, 1, _table.Now);
        _time.Advance(TimeSpan.FromMinutes(9.9));
        Assert.True(_table.TryFind(7, One, _table.Now, out var credential));
        Assert.Equal(1, credential);
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.False(_table.TryFind(7, One, _table.Now, out _));
    }

    [Fact]
    public void Seconds_may_wrap_around()
    {
        _table.Remember(7, One, 0, uint.MaxValue - 10);
        Assert.True(_table.TryFind(7, One, 500, out _));
        Assert.False(_table.TryFind(7, One, 600, out _));
    }

    [Fact]
    public void What_a_deployment_turned_out_not_to_have_is_forgotten()
    {
        _table.Remember(7, One, 0, _table.Now);
        _table.Remember(7, Other, 0, _table.Now);
        _table.Forget(7, One);
        Assert.False(_table.TryFind(7, One, _table.Now, out _));
        Assert.True(_table.TryFind(7, Other, _table.Now, out _));
    }

    [Fact]
    public void However_many_come_the_table_stays_below_two_megabytes_and_keeps_the_latest()
    {
        for (var prefix = 0UL; prefix < 300_000; prefix++)
        {
            _table.Remember(prefix, One, 0, (uint)(prefix / 1000));
        }

        var arrays = typeof(PrefixTable).GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
            .Select(field => field.GetValue(_table)).OfType<ulong[]>().Sum(array => (long)array.Length * sizeof(ulong));
        Assert.InRange(arrays, 1, 2_000_000);

        // A set that is full gives up the one that was unused for longest, so of the last tenth of what fits hardly any is lost.
        var kept = Enumerable.Range(293_000, 7_000).Count(prefix => _table.TryFind((ulong)prefix, One, 300, out _));
        Assert.InRange(kept, 6_990, 7_000);
        Assert.InRange(Enumerable.Range(0, 100_000).Count(prefix => _table.TryFind((ulong)prefix, One, 300, out _)), 0, 10);
    }

    [Fact]
    public void Threads_that_meet_never_find_what_nobody_remembered() => Gen.ULong[1, 1UL << 40].Array[200].Sample(
        prefixes =>
        {
            var wrong = 0;
            Parallel.For(0, 4, thread =>
            {
                for (var i = 0; i < prefixes.Length; i++)
                {
                    _table.Remember(prefixes[i], One, thread, _table.Now);
                    _table.Forget(prefixes[(i + thread) % prefixes.Length], One);
                    Interlocked.Add(ref wrong, _table.TryFind(prefixes[i] | (1UL << 41), One, _table.Now, out _) ? 1 : 0);
                }
            });
            Assert.Equal(0, wrong);
            _table.Remember(prefixes[0], One, 9, _table.Now);
            Assert.True(_table.TryFind(prefixes[0], One, _table.Now, out _));
        },
        iter: 50,
        threads: 1);
}
