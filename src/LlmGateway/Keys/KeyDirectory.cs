using System.Collections.Frozen;
using LlmGateway.Configuration;
using LlmGateway.Storage.Postgres;
using LlmGateway.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmGateway.Keys;

/// <summary>
/// Every key that callers may present, in memory: those of the Snapshot and those of the store. A look-up takes no lock and
/// touches no database; what changes is a whole new dictionary.
/// </summary>
internal sealed class KeyDirectory : IDisposable
{
    private readonly ISnapshotSource _snapshots;
    private readonly KeyHashing _hashing;
    private readonly DependencyStates _states;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();

    // A plain field would do for readers on x64, but not for the memory model.
    private volatile KeyTable _table;
    private volatile bool _inContact = true;
    private StoredSecrets _stored = StoredSecrets.None;

    public KeyDirectory(ISnapshotSource snapshots, KeyHashing hashing, DependencyStates states, ILogger<KeyDirectory> logger)
    {
        _snapshots = snapshots;
        _hashing = hashing;
        _states = states;
        _logger = logger;

        // Configured keys wait for no store. What is odd about them is told with the first reading of it.
        _table = Build(StoredSecrets.None, NullLogger.Instance);
        _snapshots.Changed += OnSnapshotChanged;
    }

    /// <summary>False while the store does not answer: a key that is not known may then be one that another node has made.</summary>
    public bool InContact
    {
        get => _inContact;
        set => _inContact = value;
    }

    /// <summary>Stored keys as they were read last, in the order of their creation.</summary>
    public IEnumerable<KeyRecord> Stored
    {
        get
        {
            lock (_gate)
            {
                return _stored.Secrets.Select(secret => secret.Record).DistinctBy(record => record.Key.Id).OrderBy(record => record.Sequence);
            }
        }
    }

    /// <summary>Who presents this key, at that time.</summary>
    public KeyCheck Check(ReadOnlySpan<char> presented, DateTimeOffset now)
    {
        if (presented.Length is > 0 and <= KeyText.MaxLength && _table is var table && table.Entries.TryGetValue(table.Hasher.Hash(presented), out var entry))
        {
            return new KeyCheck(entry.VerdictAt(now), entry.Key);
        }

        // Stored keys were all made by us, so what looks otherwise is unknown for sure.
        return new KeyCheck(KeyText.LooksGenerated(presented) && MayMiss() ? KeyVerdict.Undecided : KeyVerdict.Unknown, null);
    }

    /// <summary>Puts what the store has in the place of what it had.</summary>
    public void Take(StoredSecrets stored)
    {
        lock (_gate)
        {
            _stored = stored;
            Publish();
        }
    }

    public void Dispose()
    {
        _snapshots.Changed -= OnSnapshotChanged;
    }

    // Whoever else uses PostgreSQL may notice an outage before the connection that listens does.
    private bool MayMiss() => !_inContact || !_states.IsUp(PostgresDatabase.Dependency);

    // The stored keys of the last reading serve again: a reload of the configuration does not need the database.
    private void OnSnapshotChanged(Snapshot snapshot)
    {
        lock (_gate)
        {
            Publish();
        }
    }

    private void Publish() => _table = Build(_stored, _logger);

    private KeyTable Build(StoredSecrets stored, ILogger logger)
    {
        var snapshot = _snapshots.Current;
        var hasher = _hashing.Current;
        var entries = new Dictionary<KeyHash, KeyEntry>(stored.Secrets.Count + snapshot.Keys.Count);
        foreach (var secret in stored.Secrets)
        {
            var key = secret.Record.Key;
            var assigned = snapshot.Tenants.TryGetValue(key.Tenant, out var tenant) && tenant.Projects.ContainsKey(key.Project);
            entries[secret.Hash] = new KeyEntry(key, secret.Record.RevokedAt is not null, secret.ValidUntil, assigned);
        }

        // From the last to the first, so that of two with the same secret the first in the file counts, and a configured one
        // before a stored one.
        for (var i = snapshot.Keys.Count - 1; i >= 0; i--)
        {
            var configured = snapshot.Keys[i];
            if (configured.Key.IsEmpty)
            {
                continue;
            }

            var key = configured.ToVirtualKey();
            if (configured.Key.Reveal() is { Length: > KeyText.MaxLength })
            {
                logger.ConfiguredKeyTooLong(key.Id, key.Name, KeyText.MaxLength);
                continue;
            }

            var hash = hasher.Hash(configured.Key.Reveal());
            if (entries.TryGetValue(hash, out var other))
            {
                logger.SameSecretTwice(key.Id, other.Key.Id);
            }

            entries[hash] = new KeyEntry(key, Revoked: false, SecretValidUntil: null, Assigned: true);
        }

        return new KeyTable(hasher, entries.ToFrozenDictionary());
    }

    /// <summary>Hashes with what they were made with: a look-up must not see one without the other.</summary>
    private sealed record KeyTable(KeyHasher Hasher, FrozenDictionary<KeyHash, KeyEntry> Entries);
}
