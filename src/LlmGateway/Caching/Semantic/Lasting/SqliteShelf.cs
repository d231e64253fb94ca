using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic.Index;

namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>
/// Keeps entries in the data folder, with their answers: without Redis answers live in process alone, and a question without one is of no use. At the
/// start, and when a route is configured so, they are read back.
/// </summary>
internal sealed class SqliteShelf : ILastingShelf
{
    private const string Source = "sqlite";

    private readonly KeptFile _file;
    private readonly SemanticChanges _changes;
    private readonly LastingIntake _intake;
    private readonly EntryCipher _cipher;
    private readonly AnswerSeal _answers;
    private readonly LocalEntries _local;
    private readonly Purges _purges;
    private readonly LastingOptions _options;
    private readonly LastingMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<SqliteShelf> _logger;
    private readonly HashSet<(CacheKey Space, SemanticEntries Entries)> _read = [];
    private IReadOnlyDictionary<CacheKey, SemanticRoute> _spaces = new Dictionary<CacheKey, SemanticRoute>();
    private PurgeList _swept;
    private long? _upkeptAt;

    public SqliteShelf(
        KeptFile file, SemanticChanges changes, LastingIntake intake, EntryCipher cipher, AnswerSeal answers, LocalEntries local, Purges purges, StoreNews news,
        LastingOptions options, LastingMetrics metrics, TimeProvider time, ILogger<SqliteShelf> logger)
    {
        (_file, _changes, _intake, _cipher, _answers, _local, _purges) = (file, changes, intake, cipher, answers, local, purges);
        (_options, _metrics, _time, _logger) = (options, metrics, time, logger);
        _swept = purges.Current;
        news.Kept += key => Tell(key, ChangeKind.Answer);
        news.Removed += key => Tell(key, ChangeKind.Remove);
    }

    public Task TickAsync(IReadOnlyDictionary<CacheKey, SemanticRoute> spaces, CancellationToken stopping) => Task.Run(() => Tick(spaces, stopping), stopping);

    public Task EndAsync(IReadOnlyDictionary<CacheKey, SemanticRoute> spaces) => Task.Run(() =>
    {
        if (!WriteAll(spaces) && _changes.Take(int.MaxValue).Exists(static change => change.Kind is ChangeKind.Remove))
        {
            // What was said to be wrong would come back.
            _file.BeginAnew("what was said to be wrong could not be removed from it");
        }

        _file.Dispose();
    });

    private void Tick(IReadOnlyDictionary<CacheKey, SemanticRoute> spaces, CancellationToken stopping)
    {
        Volatile.Write(ref _spaces, spaces);
        SweepPurged(spaces);
        WriteAll(spaces);
        foreach (var (space, route) in spaces)
        {
            if (_read.Contains((space, route.Entries!)))
            {
                continue;
            }

            if (_file.Read(tables => Restore(route, space, tables, stopping)))
            {
                _read.RemoveWhere(read => read.Space == space);
                _read.Add((space, route.Entries!));
            }
        }

        if (_upkeptAt is not { } at || _time.GetElapsedTime(at) >= _options.Upkeep)
        {
            _upkeptAt = _time.GetTimestamp();
            Upkeep(spaces);
        }
    }

    /// <summary>On the path of requests: an answer is kept or removed under a key that an entry may have.</summary>
    private void Tell(CacheKey key, ChangeKind kind)
    {
        var id = new EntryId(key.A, key.B);
        foreach (var (_, route) in Volatile.Read(ref _spaces))
        {
            if (route.Entries!.Find(id) is not { } entry)
            {
                continue;
            }

            if (kind is ChangeKind.Remove)
            {
                route.Entries.Remove(id, kind);
            }
            else
            {
                _changes.Tell(route.Entries, entry, kind);
            }
        }
    }

    private void SweepPurged(IReadOnlyDictionary<CacheKey, SemanticRoute> spaces)
    {
        if (ReferenceEquals(_swept, _purges.Current))
        {
            return;
        }

        var purges = _purges.Current;
        _local.Sweep(purges);
        foreach (var (_, route) in spaces)
        {
            foreach (var entry in route.Entries!.All)
            {
                if (_local.Find(entry.Key) is null)
                {
                    route.Entries.Remove(entry.Id, ChangeKind.Gone);
                }
            }
        }

        _swept = purges;
    }

    /// <returns>False where it could not be written.</returns>
    private bool WriteAll(IReadOnlyDictionary<CacheKey, SemanticRoute> spaces)
    {
        while (_changes.Take(_options.Batch) is { Count: > 0 } taken)
        {
            var purges = _purges.Current;
            var (now, sizes) = (_time.GetUtcNow(), new long[taken.Count]);
            var written = _file.Write(
                tables =>
                {
                    for (var i = 0; i < taken.Count; i++)
                    {
                        sizes[i] = Write(tables, taken[i], spaces, now);
                    }
                },
                purges);
            if (!written)
            {
                _changes.Return(taken);
                return false;
            }

            for (var i = 0; i < taken.Count; i++)
            {
                _metrics.Told(taken[i].Kind, sizes[i]);
            }
        }

        return true;
    }

    private long Write(KeptTables tables, SemanticChange change, IReadOnlyDictionary<CacheKey, SemanticRoute> spaces, DateTimeOffset now)
    {
        var entry = change.Entry;
        switch (change.Kind)
        {
            case ChangeKind.Add:
                return Put(tables, change, spaces, now);
            case ChangeKind.Confirm:
                tables.Confirm(entry.Space, entry.Id, Confirmation(entry));
                return 0;
            case ChangeKind.Answer when _local.Find(entry.Key) is { } answer && !_purges.Current.Forbids(answer.Entry):
                var bytes = _answers.Seal(entry.Space, entry.Id, entry.Key, answer.Entry);
                tables.Answer(entry.Space, entry.Id, bytes);
                return bytes.Length;
            default:
                tables.Remove(entry.Space, entry.Id);
                return 0;
        }
    }

    private long Put(KeptTables tables, SemanticChange change, IReadOnlyDictionary<CacheKey, SemanticRoute> spaces, DateTimeOffset now)
    {
        // It may have gone meanwhile, or the index that it was for; or its answer was not worth its room.
        var entry = change.Entry;
        if (!spaces.TryGetValue(entry.Space, out var route) || change.Entries.VectorOf(entry) is not { } vector || _local.Find(entry.Key) is not { Entry: var answer })
        {
            return 0;
        }

        entry.Kept();
        var row = new KeptRow(
            entry.Space, entry.Id, entry.ExpiresAt, 0, _cipher.Seal(SealPurpose.Entry, entry.Space, entry.Id, LastingFormat.Write(entry, vector, route.Embedder!.Id)),
            _answers.Seal(entry.Space, entry.Id, entry.Key, answer), entry.IsConfirmed ? Confirmation(entry) : []);
        row = row with { Worth = (double)entry.Saved / row.Bytes };
        tables.Put(row, now);
        return row.Bytes;
    }

    private byte[] Confirmation(SemanticEntry entry) => _cipher.Seal(SealPurpose.Confirmation, entry.Space, entry.Id, []);

    private void Restore(SemanticRoute route, CacheKey space, KeptTables tables, CancellationToken stopping)
    {
        var (restored, read) = (0L, 0L);
        foreach (var row in tables.Of(space, _time.GetUtcNow()))
        {
            stopping.ThrowIfCancellationRequested();
            if (Restore(route, row))
            {
                restored++;
                _metrics.Restored(Source, 1);
            }

            if (++read % _options.Progress == 0)
            {
                _logger.Restoring(route.Route.Name, Source, read);
            }
        }

        if (read > 0)
        {
            _logger.Restored(route.Route.Name, Source, restored, read - restored);
        }
    }

    private bool Restore(SemanticRoute route, in KeptRow row)
    {
        if (_intake.Open(route, row.Space, row.Id, row.Entry, row.Confirmation) is not { } read)
        {
            return false;
        }

        if (_answers.Open(row.Space, row.Id, read.Entry.Key, row.Answer) is not { } answer)
        {
            _intake.Refuse("unreadable", "its answer is damaged");
            return false;
        }

        if (_purges.Current.Forbids(answer) || answer.EndsAt <= _time.GetUtcNow())
        {
            _metrics.Refused(answer.EndsAt <= _time.GetUtcNow() ? "expired" : "purged");
            _changes.Tell(route.Entries!, read.Entry, ChangeKind.Gone);
            return false;
        }

        // The answer first: who finds the question finds it too.
        _local.Keep(read.Entry.Key, answer, replace: false);
        return _intake.Take(route, read);
    }

    private void Upkeep(IReadOnlyDictionary<CacheKey, SemanticRoute> spaces)
    {
        if (!File.Exists(_file.Path))
        {
            return;
        }

        var now = _time.GetUtcNow();
        var bytes = 0L;
        var done = _file.Write(
            tables =>
            {
                tables.Sweep(now, spaces.Keys, now - _options.KeepUnused);
                foreach (var (space, route) in spaces)
                {
                    tables.Bound(space, route.Settings.Memory);
                }

                bytes = tables.BytesOfAll();
            },
            _purges.Current);
        if (done)
        {
            _metrics.Kept(bytes);
        }
    }
}
