using LlmGateway.Configuration;
using LlmGateway.Keys;

namespace LlmGateway.Admin;

/// <param name="Tenant">Null is any.</param>
/// <param name="Project">Null is any.</param>
internal readonly record struct KeyFilter(string? Tenant, string? Project, bool IncludeRevoked);

/// <summary>Keys of the configuration and of the store, as one list.</summary>
internal sealed class KeyList(KeyReader stored, ISnapshotSource snapshots, TimeProvider time)
{
    public bool IsConfigured(string id) => snapshots.Current.Keys.Any(key => key.ToVirtualKey().Id == id);

    public KeyView? Find(string id)
    {
        var now = time.GetUtcNow();
        return snapshots.Current.Keys.FirstOrDefault(key => key.ToVirtualKey().Id == id) is { } configured ? KeyView.Of(configured, now)
            : stored.Find(id) is { } record ? KeyView.Of(record, now)
            : null;
    }

    public KeyPage Page(KeyFilter filter, KeyCursor after, int limit)
    {
        var now = time.GetUtcNow();
        var page = new List<(KeyView View, KeyCursor Cursor)>();
        if (after.Configured is { } last)
        {
            page.AddRange(snapshots.Current.Keys
                .Where(key => (filter.Tenant ?? key.Tenant) == key.Tenant && (filter.Project ?? key.Project) == key.Project)
                .Select(key => KeyView.Of(key, now))
                .Where(view => string.CompareOrdinal(view.Id, last) > 0)
                .OrderBy(view => view.Id, StringComparer.Ordinal)
                .Take(limit + 1)
                .Select(view => (view, new KeyCursor(view.Id, 0))));
        }

        // One more than asked for tells whether there is a next page.
        if (page.Count <= limit)
        {
            page.AddRange(stored
                .List(new KeyQuery(filter.Tenant, filter.Project, filter.IncludeRevoked, after.Stored, limit + 1 - page.Count))
                .Select(record => (KeyView.Of(record, now), new KeyCursor(null, record.Sequence))));
        }

        var more = page.Count > limit;
        return new KeyPage([.. page.Take(limit).Select(item => item.View)], more, more ? page[limit - 1].Cursor.ToString() : null);
    }
}
