using CsCheck;
using LlmGateway.Caching.Entries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Caching.Entries;

/// <summary>Purges of one node against a model that remembers every one of them.</summary>
public sealed class PurgesTests
{
    private static readonly string?[] Names = [null, "a", "b"];
    private static readonly string[] Values = ["a", "b", "c"];

    private static readonly Gen<PurgeFilter> Filters = Gen.Select(Gen.Int[0, 2].Select(i => Names[i]), Gen.Int[0, 2].Select(i => Names[i]), Gen.Int[0, 2].Select(i => Names[i]), Gen.Int[0, 2].Select(i => Names[i]))
        .Select((tenant, route, tag, key) => new PurgeFilter(tenant, route, tag, key));

    private static readonly Gen<CacheEntry> Entries =
        from names in Gen.Int[0, 2].Select(i => Values[i]).Array[3]
        from tags in Gen.Int[0, 2].Select(i => Values[i]).Array[0, 2]
        select SomeEntry.With() with { Tenant = names[0], Route = names[1], KeyId = names[2], Tags = tags };

    private readonly FakeTimeProvider _time = new(SomeEntry.Now);

    [Fact]
    public async Task Nothing_that_a_purge_has_is_served_and_all_else_is()
    {
        // A request begins, its answer is kept some steps later, and purges come in between.
        var steps = Gen.Select(Gen.Int[0, 3], Filters, Entries, Gen.Int[0, 9]).Array[1, 60];
        await steps.SampleAsync(async run =>
        {
            var store = Store(new EntryStoreOptions());
            var begun = new List<(CacheEntry Entry, int Purges)>();
            var kept = new Dictionary<int, (CacheEntry Entry, int Purges)>();
            var purges = new List<PurgeFilter>();
            foreach (var (step, filter, entry, number) in run)
            {
                switch (step)
                {
                    case 0:
                        purges.Add(filter);
                        Assert.Equal(PurgeReach.ThisNode, await store.PurgeAsync(filter));
                        break;
                    case 1:
                        begun.Add((entry with { Stamp = store.Stamp }, purges.Count));
                        break;
                    case 2 when begun.Count > 0:
                        var answered = begun[number % begun.Count];
                        store.Keep(SomeEntry.Key(number), answered.Entry);
                        if (!IsPurged(answered))
                        {
                            kept[number] = answered;
                        }

                        break;
                }

                for (var i = 0; i < 10; i++)
                {
                    var expected = kept.TryGetValue(i, out var known) && !IsPurged(known) ? known.Entry : null;
                    Assert.Same(expected, await store.FindAsync(SomeEntry.Key(i)));
                }
            }

            bool IsPurged((CacheEntry Entry, int Purges) one) => purges.Skip(one.Purges).Any(filter => Matches(filter, one.Entry));
        });
    }

    [Fact]
    public void Of_too_many_none_is_forgotten() =>
        Gen.Select(Gen.Int[0, 40].Array[1, 100], Gen.Int[0, 100]).Sample((numbers, before) =>
        {
            var purges = new Purges(new EntryStoreOptions { MostPurges = 8 }, _time);
            CacheEntry? entry = null;
            for (var i = 0; i < numbers.Length; i++)
            {
                if (i == before)
                {
                    entry = SomeEntry.With(stamp: purges.Current.Stamp) with { Tenant = "7" };
                }

                purges.Add(new PurgeFilter(Tenant: $"{numbers[i]}"));
                Assert.InRange(purges.Current.Local.Length, 0, 8);
            }

            if (entry is not null && numbers.Skip(before).Contains(7))
            {
                Assert.True(purges.Current.Forbids(entry));
            }

            Assert.False(purges.Current.Forbids(SomeEntry.With(stamp: purges.Current.Stamp)));
        });

    [Fact]
    public void A_purge_is_forgotten_when_nothing_can_live_that_is_older()
    {
        var purges = new Purges(new EntryStoreOptions { LongestTtl = TimeSpan.FromDays(1) }, _time);
        purges.Add(new PurgeFilter(Tenant: "a"));
        _time.Advance(TimeSpan.FromDays(1));
        purges.Add(new PurgeFilter(Tenant: "b"));
        Assert.Equal(2, purges.Current.Local.Length);
        _time.Advance(TimeSpan.FromTicks(TimeSpan.TicksPerMillisecond));
        purges.Add(new PurgeFilter(Tenant: "c"));
        Assert.Equal(["c", "b"], purges.Current.Local.Select(purge => purge.Filter.Tenant));
    }

    [Fact]
    public void A_purge_that_means_more_takes_the_place_of_those_that_mean_less()
    {
        var purges = new Purges(new EntryStoreOptions(), _time);
        purges.Add(new PurgeFilter(Tenant: "a", Route: "r"));
        purges.Add(new PurgeFilter(Tenant: "b"));
        purges.Add(new PurgeFilter(Tenant: "a"));
        Assert.Equal(["a", "b"], purges.Current.Local.Select(purge => purge.Filter.Tenant));
    }

    [Fact]
    public void An_entry_of_another_era_is_not_served()
    {
        var list = new PurgeList { Era = 2, Version = 5 };
        Assert.False(list.Forbids(SomeEntry.With(stamp: new PurgeStamp(2, 5, 0))));
        Assert.True(list.Forbids(SomeEntry.With(stamp: new PurgeStamp(1, 5, 0))));
        Assert.True(list.Forbids(SomeEntry.With(stamp: new PurgeStamp(2, 6, 0))));
    }

    [Fact]
    public void A_filter_is_read_as_it_was_written_and_what_is_none_is_everything()
    {
        Filters.Sample(filter => Assert.Equal(filter, PurgeFilter.Read(filter.Write())));
        Assert.All(["", "[]", "[1,2,3,4]", "{}", "[null,null,null,null,null]"], text => Assert.Same(PurgeFilter.Everything, PurgeFilter.Read(text)));
    }

    private static bool Matches(PurgeFilter filter, CacheEntry entry) =>
        new[] { (filter.Tenant, entry.Tenant), (filter.Route, entry.Route), (filter.Key, entry.KeyId) }.All(pair => pair.Item1 is null || pair.Item1 == pair.Item2) &&
        (filter.Tag is null || entry.Tags.Contains(filter.Tag));

    private EntryStore Store(EntryStoreOptions options)
    {
        var services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton<TimeProvider>(_time).AddSingleton(CacheSecret.Of([1])).AddEntryStore(options);
        return (EntryStore)services.BuildServiceProvider().GetRequiredService<IEntryStore>();
    }
}
