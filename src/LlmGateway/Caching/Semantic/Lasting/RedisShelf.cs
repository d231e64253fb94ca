using LlmGateway.Caching.Entries;

namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>
/// Keeps entries in Redis, where their answers are, and by a stream has them on every node within a second. A node without Redis goes on with its own, and
/// says and hears the rest later.
/// </summary>
internal sealed class RedisShelf : ILastingShelf
{
    private readonly RedisTeller _teller;
    private readonly RedisListener _listener;
    private readonly RedisFill _fill;
    private readonly SemanticChanges _changes;
    private readonly HashSet<(CacheKey Space, SemanticEntries Entries)> _filled = [];
    private long _gone;

    public RedisShelf(RedisTeller teller, RedisListener listener, RedisFill fill, SemanticChanges changes, KeptFile file)
    {
        (_teller, _listener, _fill, _changes) = (teller, listener, fill, changes);
        if (File.Exists(file.Path))
        {
            // Purges are in Redis from now on, and not in the file: it must not be taken up again.
            file.BeginAnew("Redis is configured");
        }
    }

    public async Task TickAsync(IReadOnlyDictionary<CacheKey, SemanticRoute> spaces, CancellationToken stopping)
    {
        // What is wrong goes before what others know is heard again.
        await _teller.TellAsync(spaces);
        if (!_listener.HasBegun)
        {
            _filled.Clear();
            if (!await _listener.BeginAsync())
            {
                return;
            }
        }

        await FillAsync(spaces, stopping);
        var wasAway = _listener.IsAway;
        var heard = await _listener.HearAsync(spaces);
        if (heard is Heard.Missed && !await _listener.BeginAsync())
        {
            return;
        }

        // Without Redis, entries that others had learned have gone since nobody had their answers: they are back with it.
        if (heard is Heard.Missed || (heard is Heard.All && wasAway && _changes.Gone != _gone))
        {
            _filled.Clear();
            await FillAsync(spaces, stopping);
        }

        _gone = heard is Heard.Nothing ? _gone : _changes.Gone;
    }

    public Task EndAsync(IReadOnlyDictionary<CacheKey, SemanticRoute> spaces) => _teller.TellAsync(spaces, last: true);

    private async Task FillAsync(IReadOnlyDictionary<CacheKey, SemanticRoute> spaces, CancellationToken stopping)
    {
        foreach (var (space, route) in spaces)
        {
            if (!_filled.Contains((space, route.Entries!)) && await _fill.FillAsync(space, route, stopping))
            {
                _filled.RemoveWhere(filled => filled.Space == space);
                _filled.Add((space, route.Entries!));
            }
        }
    }
}
