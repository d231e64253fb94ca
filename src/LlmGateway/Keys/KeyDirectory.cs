using System.Collections.Frozen;
using LlmGateway.Configuration;

namespace LlmGateway.Keys;

/// <summary>
/// Every key that callers may present, in memory: those of the Snapshot and those of the store. A look-up takes no lock and
/// touches no database; what changes is a whole new dictionary.
/// </summary>
internal sealed class KeyDirectory : IDisposable
{
    private readonly ISnapshotSource _snapshots;
    private readonly KeyStore _store;
    private readonly KeyHasher _hasher;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();

    // A plain field would do for readers on x64, but not for the memory model.
    private volatile FrozenDictionary<KeyHash, KeyEntry> _entries = FrozenDictionary<KeyHash, KeyEntry>.Empty;
    private StoredSecrets _stored = StoredSecrets.None;

    public KeyDirectory(ISnapshotSource snapshots, KeyStore store, KeyHasher hasher, ILogger<KeyDirectory> logger)
    {
        _snapshots = snapshots;
        _store = store;
        _hasher = hasher;
        _logger = logger;
        _snapshots.Changed += OnSnapshotChanged;
        _store.Changed += Reload;
    }

    /// <summary>The store's version that look-ups see.</summary>
    public long StoreVersion
    {
        get
        {
            lock (_gate)
            {
                return _stored.Version;
            }
        }
    }

    /// <summary>Who presents this key, at that time.</summary>
    public KeyCheck Check(ReadOnlySpan<char> presented, DateTimeOffset now) =>
        presented.Length is > 0 and <= KeyText.MaxLength && _entries.TryGetValue(_hasher.Hash(presented), out var entry)
            ? new KeyCheck(entry.VerdictAt(now), entry.Key)
            : new KeyCheck(KeyVerdict.Unknown, null);

    /// <summary>Reads the store again. When it returns, look-ups see what was committed before the call.</summary>
    public void Reload()
    {
        lock (_gate)
        {
            _stored = _store.ReadSecrets();
            Publish();
        }
    }

    public void Dispose()
    {
        _snapshots.Changed -= OnSnapshotChanged;
        _store.Changed -= Reload;
    }

    // The stored keys of the last reading serve again: a reload of the configuration does not need the database.
    private void OnSnapshotChanged(Snapshot snapshot)
    {
        lock (_gate)
        {
            Publish();
        }
    }

    private void Publish()
    {
        var snapshot = _snapshots.Current;
        var entries = new Dictionary<KeyHash, KeyEntry>(_stored.Secrets.Count + snapshot.Keys.Count);
        foreach (var secret in _stored.Secrets)
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
                _logger.ConfiguredKeyTooLong(key.Id, key.Name, KeyText.MaxLength);
                continue;
            }

            var hash = _hasher.Hash(configured.Key.Reveal());
            if (entries.TryGetValue(hash, out var other))
            {
                _logger.SameSecretTwice(key.Id, other.Key.Id);
            }

            entries[hash] = new KeyEntry(key, Revoked: false, SecretValidUntil: null, Assigned: true);
        }

        _entries = entries.ToFrozenDictionary();
    }
}
