using System.Diagnostics.Metrics;
using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic.Index;
using LlmGateway.Caching.Semantic.Lasting;
using LlmGateway.Tests.Caching.Entries;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Caching.Semantic.Lasting;

public sealed class KeptFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kept-").FullName;
    private readonly FakeTimeProvider _time = new(SomeEntry.Now);
    private readonly SemanticLogs _logs = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose()
    {
        _services.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Purges_are_as_they_were_and_go_on_counting()
    {
        var purges = new Purges(new EntryStoreOptions(), _time);
        purges.Add(new PurgeFilter(Tenant: "acme"));
        purges.Add(new PurgeFilter(Route: "chat", Tag: "team=a"));
        using (var file = File())
        {
            Assert.True(file.Write(static tables => tables.Put(Row(1), SomeEntry.Now), purges.Current));
            purges.Add(new PurgeFilter(Key: "vk_9"));
            file.Save(purges.Current);
        }

        using var again = File();
        var read = again.Load();
        Assert.Equal((3L, 3), (read.LocalVersion, read.Local.Length));
        Assert.Equal(purges.Current.Local, read.Local);
        Assert.True(read.Forbids(SomeEntry.With(stamp: new PurgeStamp(0, 0, 0))));
        Assert.True(read.Forbids(SomeEntry.With(stamp: new PurgeStamp(0, 0, 1))));
        Assert.False(read.Forbids(SomeEntry.With(stamp: new PurgeStamp(0, 0, 2))));
    }

    [Fact]
    public void Purges_from_before_there_was_a_file_count_in_it_too()
    {
        var purges = new Purges(new EntryStoreOptions(), _time);
        using (var file = File())
        {
            purges.Restore(file.Load());
            purges.Add(PurgeFilter.Everything);
            file.Save(purges.Current);
            file.Write(static tables => tables.Put(Row(1), SomeEntry.Now), purges.Current);
        }

        // An answer that knew of that purge must be had by the next one.
        using var again = File();
        purges.Restore(again.Load());
        var answer = SomeEntry.With(stamp: new PurgeStamp(0, 0, 1));
        Assert.False(purges.Current.Forbids(answer));
        purges.Add(PurgeFilter.Everything);
        Assert.True(purges.Current.Forbids(answer));
    }

    [Fact]
    public void Rows_are_read_as_they_were_written_those_that_save_most_first()
    {
        using var file = File();
        file.Write(static tables =>
        {
            tables.Put(Row(1, worth: 1), SomeEntry.Now);
            tables.Put(Row(2, worth: 3), SomeEntry.Now);
            tables.Put(Row(3, worth: 2), SomeEntry.Now);
            tables.Put(Row(4, space: 8), SomeEntry.Now);
            tables.Put(Row(5, minutes: -1), SomeEntry.Now);
            tables.Confirm(Space(7), Id(3), [9]);
            tables.Answer(Space(7), Id(2), [1, 2, 3, 4, 5]);
            tables.Remove(Space(7), Id(1));
        }, PurgeList.Empty);
        List<KeptRow> rows = [];
        Assert.True(file.Read(tables => rows.AddRange(tables.Of(Space(7), SomeEntry.Now))));
        Assert.Equal([Id(2), Id(3)], rows.Select(row => row.Id));
        Assert.Equal([1, 2, 3, 4, 5], rows[0].Answer);
        Assert.Equal([9], rows[1].Confirmation);
        Assert.Equal(Row(3, worth: 2).Entry, rows[1].Entry);
    }

    [Fact]
    public void What_saves_least_goes_first_until_there_is_room_and_what_is_used_no_more_after_a_day()
    {
        using var file = File();
        file.Write(static tables =>
        {
            for (var i = 0; i < 1000; i++)
            {
                tables.Put(Row(i, worth: i), SomeEntry.Now);
            }

            tables.Put(Row(1, space: 8), SomeEntry.Now);
            tables.Bound(Space(7), 500 * 100);
            tables.Sweep(SomeEntry.Now, [Space(7)], SomeEntry.Now);
        }, PurgeList.Empty);
        Assert.Equal((true, true), (Count(file, 7) is > 400 and <= 500, Count(file, 8) == 1));
        Assert.Contains(Id(999), Ids(file));
        Assert.DoesNotContain(Id(0), Ids(file));

        file.Write(static tables => tables.Sweep(SomeEntry.Now, [Space(7)], SomeEntry.Now.AddSeconds(1)), PurgeList.Empty);
        Assert.Equal((true, 0), (Count(file, 7) > 400, Count(file, 8)));
    }

    [Fact]
    public void One_that_could_not_be_read_at_the_start_is_begun_anew_since_it_may_lack_purges()
    {
        using (var file = File())
        {
            file.Write(static tables => tables.Put(Row(1), SomeEntry.Now), PurgeList.Empty);
        }

        using var late = File();
        using (var holder = new SqliteConnection($"Data Source={Path.Combine(_folder, "cache.db")};Pooling=False"))
        {
            holder.Open();
            using var command = holder.CreateCommand();

            // Out of the log, so that nobody reads beside who writes.
            command.CommandText = "PRAGMA journal_mode=DELETE; BEGIN EXCLUSIVE";
            command.ExecuteNonQuery();
            Assert.Equal(0, late.Load().LocalVersion);
            Assert.Equal(1, _logs.Count(7153));
        }

        Assert.Empty(Ids(late));
        late.Write(static tables => tables.Put(Row(2), SomeEntry.Now), PurgeList.Empty);
        Assert.Equal([Id(2)], Ids(late));
    }

    [Fact]
    public void A_disk_that_is_full_is_told_and_what_is_there_stays()
    {
        using var file = File();
        file.Write(static tables => tables.Put(Row(1), SomeEntry.Now), PurgeList.Empty);
        Assert.False(file.Write(static tables =>
        {
            tables.Put(Row(2), SomeEntry.Now);
            throw new SqliteException("database or disk is full", 13);
        }, PurgeList.Empty));
        Assert.Equal(1, _logs.Count(7153));
        Assert.Equal([Id(1)], Ids(file));
        Assert.True(file.Write(static tables => tables.Put(Row(2), SomeEntry.Now), PurgeList.Empty));
    }

    private static CacheKey Space(int number) => SomeEntry.Key(number);

    private static EntryId Id(int number) => new(1, (ulong)number);

    private static KeptRow Row(int number, double worth = 1, int space = 7, int minutes = 1) =>
        new(Space(space), Id(number), SomeEntry.Now.AddMinutes(minutes), worth, [.. Enumerable.Repeat((byte)number, 60)], new byte[40], []);

    private static int Count(KeptFile file, int space) => Ids(file, space).Count;

    private static List<EntryId> Ids(KeptFile file, int space = 7)
    {
        List<EntryId> ids = [];
        Assert.True(file.Read(tables => ids.AddRange(tables.Of(Space(space), SomeEntry.Now).Select(row => row.Id))));
        return ids;
    }

    private KeptFile File()
    {
        var options = new LastingOptions();
        var metrics = new LastingMetrics(_services.GetRequiredService<IMeterFactory>(), new SemanticChanges(options));
        return new KeptFile(_folder, metrics, _time, _logs.CreateLogger<KeptFile>());
    }
}
