using LlmGateway.Keys;
using LlmGateway.Keys.Stores;

namespace LlmGateway.Tests.Keys;

public sealed class KeyDirectoryTests : IDisposable
{
    private readonly KeyBench _bench = new(FakeSnapshots.Key("ci", "sk-one"));

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Changes_of_other_processes_are_looked_for_often_enough_for_a_revoke_within_a_second() =>
        Assert.InRange(KeyWatcher.Interval, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(500));

    [Fact]
    public void A_reload_of_the_configuration_changes_configured_keys_and_keeps_stored_ones()
    {
        var (_, stored) = _bench.Create("stored");
        _bench.Snapshots.Reload(["acme/search"], FakeSnapshots.Key("ci", "sk-two"));

        Assert.Equal(
            (KeyVerdict.Unknown, KeyVerdict.Valid, KeyVerdict.Valid),
            (_bench.Check("sk-one"), _bench.Check("sk-two"), _bench.Check(stored)));
    }

    [Fact]
    public void A_stored_key_whose_project_left_the_configuration_is_refused_until_it_is_back()
    {
        var (_, stored) = _bench.Create("stored");

        _bench.Snapshots.Reload(["acme/chat"]);
        Assert.Equal(KeyVerdict.Unassigned, _bench.Check(stored));

        _bench.Snapshots.Reload(["acme/search"]);
        Assert.Equal(KeyVerdict.Valid, _bench.Check(stored));
    }

    [Fact]
    public void Of_two_configured_keys_with_one_secret_the_first_counts_and_a_warning_names_both_without_it()
    {
        _bench.Snapshots.Reload(["acme/search"], FakeSnapshots.Key("a", "sk-same"), FakeSnapshots.Key("b", "sk-same"));

        Assert.Equal("a", _bench.Enter(("api-key", "sk-same")).Key!.Name);
        var warning = Assert.Single(_bench.Log.Lines, line => line.StartsWith("1201", StringComparison.Ordinal));
        Assert.DoesNotContain("sk-same", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoke_by_another_process_is_seen_within_one_poll()
    {
        await _bench.StartedAsync();
        using var other = await _bench.Second().StartedAsync();
        var (record, secret) = _bench.Create();
        Assert.Equal(KeyVerdict.Unknown, other.Check(secret));

        _bench.Time.Advance(KeyWatcher.Interval);
        Assert.Equal(KeyVerdict.Valid, other.Check(secret));

        other.Store.Revoke(record.Key.Id, "test");
        Assert.Equal((KeyVerdict.Revoked, KeyVerdict.Valid), (other.Check(secret), _bench.Check(secret)));

        _bench.Time.Advance(KeyWatcher.Interval);
        Assert.Equal(KeyVerdict.Revoked, _bench.Check(secret));
    }

    [Fact]
    public async Task A_database_that_breaks_keeps_nobody_out_and_is_reported_once()
    {
        await _bench.StartedAsync();
        var (_, secret) = _bench.Create();
        using (var other = _bench.Database.Open())
        using (var command = other.CreateCommand())
        {
            command.CommandText = "ALTER TABLE key_version RENAME TO gone";
            command.ExecuteNonQuery();
            _bench.Time.Advance(4 * KeyWatcher.Interval);
            Assert.Equal(KeyVerdict.Valid, _bench.Check(secret));
            Assert.Single(_bench.Log.Lines, line => line.StartsWith("1203", StringComparison.Ordinal));

            command.CommandText = "ALTER TABLE gone RENAME TO key_version";
            command.ExecuteNonQuery();
        }

        _bench.Time.Advance(KeyWatcher.Interval);
        Assert.Single(_bench.Log.Lines, line => line.StartsWith("1204", StringComparison.Ordinal));
    }

    [Fact]
    public void While_anybody_finds_postgres_down_an_unknown_key_that_may_be_ours_is_undecided()
    {
        var (_, known) = _bench.Create();
        _bench.Dependencies.Set("postgres", up: false, "no answer in time");

        Assert.Equal(
            (KeyVerdict.Valid, KeyVerdict.Undecided, KeyVerdict.Unknown),
            (_bench.Check(known), _bench.Check(KeyText.Generate()), _bench.Check("sk-not-one-of-ours")));

        _bench.Dependencies.Set("postgres", up: true);
        Assert.Equal(KeyVerdict.Unknown, _bench.Check(KeyText.Generate()));
    }

    [Fact]
    public async Task Lookups_during_rebuilds_always_find_what_is_there_before_and_after()
    {
        var (_, steady) = _bench.Create("steady");
        using var done = new CancellationTokenSource();
        var lookups = Enumerable.Range(0, 2).Select(_ => LongRunning(() =>
        {
            var count = 0;
            do
            {
                Assert.Equal((KeyVerdict.Valid, KeyVerdict.Valid), (_bench.Check(steady), _bench.Check("sk-one")));
                count++;
            }
            while (!done.IsCancellationRequested);

            return count;
        })).ToArray();

        var changes = new[]
        {
            LongRunning(() => Repeat(40, i => _bench.Create($"key-{i}"))),
            LongRunning(() => Repeat(200, i => _bench.Snapshots.Reload(["acme/search"], FakeSnapshots.Key("ci", "sk-one"), FakeSnapshots.Key("n", $"sk-{i}")))),
        };
        await Task.WhenAll(changes);
        await done.CancelAsync();

        Assert.True((await Task.WhenAll(lookups)).Sum() > 40);
        Assert.Equal(41, StoreRows.Read(_bench.Stored).Secrets.Count);
        Assert.Equal(KeyVerdict.Valid, _bench.Check("sk-199"));
    }

    // On threads of their own: the pool of a small machine would run one after the other.
    private static Task<int> LongRunning(Func<int> work) => Task.Factory.StartNew(work, TaskCreationOptions.LongRunning);

    private static int Repeat(int times, Action<int> work)
    {
        for (var i = 0; i < times; i++)
        {
            work(i);
        }

        return times;
    }
}
