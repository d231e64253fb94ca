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
    private readonly HashSet<(CacheKey Space, SemanticEntries Entries)> _filled = [];

    public RedisShelf(RedisTeller teller, RedisListener listener, RedisFill fill, KeptFile file)
    {
        (_teller, _listener, _fill) = (teller, listener, fill);
        if (File.Exists(file.Path))
        {
            // Purges are in Redis from now on, and not in the file: it must not be taken up again.
            file.BeginAnew("Redis is configured");
        }
    }

    public async Task TickAsync(IReadOnlyDictionary<CacheKey, SemanticRoute> spaces, CancellationToken stopping)
    {
        if (spaces.Count == 0)
        {
            return;
        }

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
        if (await _listener.HearAsync(spaces) is Heard.Missed && await _listener.BeginAsync())
        {
            _filled.Clear();
            await FillAsync(spaces, stopping);
        }
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
