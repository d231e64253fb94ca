using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic.Index;
using StackExchange.Redis;

namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>Hears what other nodes tell, from where it last was in the stream. It asks again and again: the connection that all share must not wait for one.</summary>
internal sealed class RedisListener(SharedLink link, RedisTeller teller, LastingIntake intake, LastingMetrics metrics, ILogger<RedisListener> logger)
{
    private const int Batch = 512;
    private const string Beginning = "0-0";

    private RedisValue _heard;
    private bool _isAway;

    /// <summary>Where it is; nothing before <see cref="BeginAsync"/>.</summary>
    public bool HasBegun => !_heard.IsNull;

    /// <summary>From now on. What was told before is read from where it is kept.</summary>
    /// <returns>False where Redis is away.</returns>
    public async Task<bool> BeginAsync()
    {
        var (answered, last) = await link.TryAsync(static connection =>
            connection.GetDatabase().StreamRangeAsync(RedisKeep.Stream, count: 1, messageOrder: Order.Descending));
        if (answered)
        {
            _heard = last is [var latest, ..] ? latest.Id : Beginning;
        }

        return Answered(answered);
    }

    /// <summary>Hears what there is.</summary>
    public async Task<Heard> HearAsync(IReadOnlyDictionary<CacheKey, SemanticRoute> spaces)
    {
        var mayHaveMissed = _isAway;
        while (true)
        {
            var heard = _heard;
            var (answered, messages) = await link.TryAsync(connection => connection.GetDatabase().StreamReadAsync(RedisKeep.Stream, heard, Batch));
            if (!Answered(answered))
            {
                return Heard.Nothing;
            }

            if (messages!.Length == Batch || mayHaveMissed)
            {
                if (await HasMissedAsync(heard) is not { } missed)
                {
                    return Heard.Nothing;
                }

                if (missed)
                {
                    logger.StreamMissed();
                    _heard = RedisValue.Null;
                    return Heard.Missed;
                }
            }

            foreach (var message in messages)
            {
                _heard = message.Id;
                Take(message, spaces);
            }

            if (messages.Length < Batch)
            {
                return Heard.All;
            }
        }
    }

    /// <summary>Whether the stream may have lost what was told since then. Null where Redis is away.</summary>
    private async Task<bool?> HasMissedAsync(RedisValue heard)
    {
        var (answered, first) = await link.TryAsync(static connection => connection.GetDatabase().StreamRangeAsync(RedisKeep.Stream, count: 1));
        return !Answered(answered) ? null : first is [var oldest, ..] ? IsAfter(oldest.Id, heard) : heard != Beginning;
    }

    private static bool IsAfter(RedisValue id, RedisValue other) => Parse(id).CompareTo(Parse(other)) > 0;

    private static (long, long) Parse(RedisValue id)
    {
        var parts = ((string)id!).Split('-');
        return (long.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), long.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
    }

    private bool Answered(bool answered)
    {
        if (_isAway == answered)
        {
            _isAway = !answered;
            if (_isAway)
            {
                logger.StreamLeft();
            }
            else
            {
                logger.StreamBack();
            }
        }

        return answered;
    }

    private void Take(StreamEntry message, IReadOnlyDictionary<CacheKey, SemanticRoute> spaces)
    {
        var node = (byte[]?)message["n"];
        if (node is null || node.AsSpan().SequenceEqual(teller.Node))
        {
            return;
        }

        if ((byte[]?)message["s"] is not { Length: CacheKey.Length } space || (byte[]?)message["i"] is not { Length: EntryId.Size } named)
        {
            intake.Refuse("unreadable", "a message in Redis is none of ours");
            return;
        }

        // A route that is not here, or not so.
        if (!spaces.TryGetValue(CacheKey.Read(space), out var route))
        {
            return;
        }

        var (key, id) = (CacheKey.Read(space), EntryId.Read(named));
        var (entry, confirmation) = ((byte[]?)message["e"], (byte[]?)message["c"] ?? []);
        switch ((string?)message["o"])
        {
            case "a" when entry is not null:
                if (intake.Open(route, key, id, entry, confirmation) is { } read && intake.Take(route, read))
                {
                    metrics.Heard(ChangeKind.Add);
                }

                break;
            case "c":
                if (route.Entries!.Find(id) is { } known && intake.IsConfirmation(key, id, confirmation))
                {
                    known.Confirm();
                    metrics.Heard(ChangeKind.Confirm);
                }

                break;
            case "r":
                route.Entries!.Remove(id, why: null);
                metrics.Heard(ChangeKind.Remove);
                break;
            default:
                // Of a later version.
                break;
        }
    }
}
