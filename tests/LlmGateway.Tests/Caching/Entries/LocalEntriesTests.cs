using CsCheck;
using LlmGateway.Caching.Entries;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Caching.Entries;

public sealed class LocalEntriesTests
{
    private const long Bound = 1 << 20;

    private readonly FakeTimeProvider _time = new(SomeEntry.Now);
    private readonly LocalEntries _entries;

    public LocalEntriesTests() => _entries = new LocalEntries(Bound, _time);

    [Fact]
    public void What_is_kept_is_found_until_it_ends()
    {
        var entry = SomeEntry.With();
        _entries.Keep(SomeEntry.Key(1), entry, replace: true);
        Assert.Same(entry, _entries.Find(SomeEntry.Key(1))!.Entry);
        Assert.Null(_entries.Find(SomeEntry.Key(2)));
        _time.SetUtcNow(entry.ExpiresAt.AddTicks(-1));
        Assert.NotNull(_entries.Find(SomeEntry.Key(1)));
        _time.SetUtcNow(entry.ExpiresAt);
        Assert.Null(_entries.Find(SomeEntry.Key(1)));
        Assert.Equal((0, 0), (_entries.Bytes, _entries.Count));
    }

    [Fact]
    public void What_may_be_stale_is_found_for_longer()
    {
        var entry = SomeEntry.With() with { StaleUntil = SomeEntry.Now.AddHours(2) };
        _entries.Keep(SomeEntry.Key(1), entry, replace: true);
        _time.SetUtcNow(entry.ExpiresAt);
        Assert.NotNull(_entries.Find(SomeEntry.Key(1)));
        _time.SetUtcNow(entry.StaleUntil.Value);
        Assert.Null(_entries.Find(SomeEntry.Key(1)));
    }

    [Fact]
    public void Only_who_replaces_replaces()
    {
        var (first, second) = (SomeEntry.With("first"), SomeEntry.With("the second"));
        _entries.Keep(SomeEntry.Key(1), first, replace: true);
        _entries.Keep(SomeEntry.Key(1), second, replace: false);
        Assert.Same(first, _entries.Find(SomeEntry.Key(1))!.Entry);
        _entries.Keep(SomeEntry.Key(1), second, replace: true);
        Assert.Same(second, _entries.Find(SomeEntry.Key(1))!.Entry);
        Assert.Equal((second.Size, 1), (_entries.Bytes, _entries.Count));
    }

    [Fact]
    public void The_bytes_are_those_of_what_is_there_and_never_more_than_the_bound() =>
        Gen.Select(Gen.Int[0, 300], Gen.Int[0, 40_000], Gen.Int[0, 9]).Array[1, 600].Sample(steps =>
        {
            var (entries, known) = (new LocalEntries(Bound, _time), new HashSet<int>());
            foreach (var (number, length, step) in steps)
            {
                if (step == 0)
                {
                    entries.Remove(SomeEntry.Key(number));
                }
                else if (step < 4)
                {
                    entries.Find(SomeEntry.Key(number));
                }
                else
                {
                    entries.Keep(SomeEntry.Key(number), SomeEntry.With(new string('x', length)), replace: true);
                    known.Add(number);
                }

                Assert.InRange(entries.Bytes, 0, Bound);
            }

            AssertExact(entries, known);
        });

    [Fact]
    public void The_bytes_are_exact_when_threads_keep_find_and_remove_at_once()
    {
        var over = 0L;
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, thread =>
        {
            var random = new Random(thread);
            for (var i = 0; i < 5000; i++)
            {
                var key = SomeEntry.Key(random.Next(400));
                switch (random.Next(4))
                {
                    case 0:
                        _entries.Remove(key);
                        break;
                    case 1:
                        _entries.Find(key);
                        break;
                    default:
                        _entries.Keep(key, SomeEntry.With(new string('x', random.Next(30_000))), replace: random.Next(2) == 0);
                        break;
                }

                if (_entries.Bytes is < 0 or > Bound)
                {
                    Interlocked.Increment(ref over);
                }
            }
        });
        Assert.Equal(0, over);
        Assert.NotEqual(0, _entries.Evictions);
        AssertExact(_entries, Enumerable.Range(0, 400));
    }

    [Fact]
    public void A_scan_does_not_drive_out_what_is_asked_for()
    {
        for (var round = 0; round < 5; round++)
        {
            for (var i = 0; i < 100; i++)
            {
                if (_entries.Find(SomeEntry.Key(i)) is null)
                {
                    _entries.Keep(SomeEntry.Key(i), SomeEntry.With(new string('x', 2000)), replace: true);
                }
            }
        }

        for (var i = 1000; i < 6000; i++)
        {
            _entries.Keep(SomeEntry.Key(i), SomeEntry.With(new string('x', 2000)), replace: true);
        }

        Assert.Equal(100, Enumerable.Range(0, 100).Count(i => _entries.Find(SomeEntry.Key(i)) is not null));
    }

    [Fact]
    public void What_was_asked_for_in_the_past_gives_way_to_what_is_asked_for_now()
    {
        var document = new string('x', 2000);
        for (var round = 0; round < 20; round++)
        {
            foreach (var i in Enumerable.Range(0, 300))
            {
                Ask(i);
            }
        }

        for (var round = 0; round < 60; round++)
        {
            foreach (var i in Enumerable.Range(1000, 300))
            {
                Ask(i);
            }
        }

        Assert.InRange(Enumerable.Range(1000, 300).Count(i => _entries.Find(SomeEntry.Key(i)) is not null), 270, 300);

        void Ask(int i)
        {
            if (_entries.Find(SomeEntry.Key(i)) is null)
            {
                _entries.Keep(SomeEntry.Key(i), SomeEntry.With(document), replace: true);
            }
        }
    }

    [Fact]
    public void One_that_is_too_large_takes_the_place_of_nothing()
    {
        _entries.Keep(SomeEntry.Key(1), SomeEntry.With(), replace: true);
        _entries.Keep(SomeEntry.Key(2), SomeEntry.With(new string('x', (int)Bound / 8)), replace: true);
        Assert.Null(_entries.Find(SomeEntry.Key(2)));
        Assert.NotNull(_entries.Find(SomeEntry.Key(1)));
        Assert.Equal(1, _entries.Evictions);
    }

    [Fact]
    public void Sweeping_gives_back_what_has_ended_and_what_was_purged()
    {
        _entries.Keep(SomeEntry.Key(1), SomeEntry.With(), replace: true);
        _entries.Keep(SomeEntry.Key(2), SomeEntry.With() with { Tenant = "other" }, replace: true);
        _entries.Keep(SomeEntry.Key(3), SomeEntry.With() with { Tenant = "other", ExpiresAt = SomeEntry.Now }, replace: true);
        var purges = new Purges(new EntryStoreOptions(), _time);
        purges.Add(new PurgeFilter(Tenant: "acme"));
        _entries.Sweep(purges.Current);
        Assert.Equal(1, _entries.Count);
        Assert.NotNull(_entries.Find(SomeEntry.Key(2)));
    }

    private static void AssertExact(LocalEntries entries, IEnumerable<int> keys)
    {
        var there = keys.Select(key => entries.Find(SomeEntry.Key(key))).OfType<LocalEntry>().ToArray();
        Assert.Equal(there.Sum(entry => entry.Entry.Size), entries.Bytes);
        Assert.Equal(there.Length, entries.Count);
    }
}
