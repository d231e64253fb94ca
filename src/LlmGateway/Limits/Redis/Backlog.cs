using StackExchange.Redis;

namespace LlmGateway.Limits.Redis;

/// <summary>What was spent while Redis was away, summed up by account and time, until it is booked there.</summary>
internal sealed class Backlog(RedisAccounts accounts, RedisLink link, AccountHistory history, LimitOptions options)
{
    private const int MostAtOnce = 64;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _flushing = new(1);
    private Dictionary<(RedisAccount Account, long Place), long> _sums = [];

    // Under way to Redis: the same under the same name until there is an answer.
    private readonly Queue<Booking> _bookings = new();

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _sums.Count == 0 && _bookings.Count == 0;
            }
        }
    }

    /// <param name="madeAt">When it was taken, since the start of the engine.</param>
    public void Add(Reservation reservation, TimeSpan madeAt)
    {
        lock (_gate)
        {
            foreach (ref readonly var line in reservation.Lines.AsSpan())
            {
                if (line.Actual == 0 || line.Account.Kind is AccountKind.Slots)
                {
                    continue;
                }

                var place = line.Account.Kind is AccountKind.Period ? line.Place : madeAt.Ticks / line.Account.Bucket.Ticks;
                var key = (accounts.Of(line.Account), place);
                _sums[key] = InProcess.Sums.Add(_sums.GetValueOrDefault(key), line.Actual);
            }
        }
    }

    /// <summary>Forgets what has left its window.</summary>
    public void Trim(TimeSpan now)
    {
        lock (_gate)
        {
            foreach (var (account, place) in _sums.Keys)
            {
                if (account.Account.Kind is AccountKind.Window && AgeOf(account.Account, place, now) > account.Account.Window + account.Account.Bucket)
                {
                    _sums.Remove((account, place));
                }
            }
        }
    }

    /// <summary>Books all. True when nothing is left of what there was.</summary>
    public async Task<bool> FlushAsync(TimeSpan now)
    {
        await _flushing.WaitAsync();
        try
        {
            Pack();
            while (_bookings.TryPeek(out var booking))
            {
                if (await link.CallLaterAsync(RedisScript.Book, booking.Keys(), booking.Arguments(now, history.Node, options)) is null)
                {
                    return false;
                }

                lock (_gate)
                {
                    _bookings.Dequeue();
                }

                booking.Saw();
            }

            return true;
        }
        finally
        {
            _flushing.Release();
        }
    }

    private static TimeSpan AgeOf(Account account, long place, TimeSpan now) => now - TimeSpan.FromTicks(place * account.Bucket.Ticks);

    private void Pack()
    {
        lock (_gate)
        {
            foreach (var tenant in _sums.GroupBy(static sum => sum.Key.Account.Account.Tenant))
            {
                foreach (var part in tenant.Chunk(MostAtOnce))
                {
                    _bookings.Enqueue(new Booking(tenant.Key, part));
                }
            }

            _sums = [];
        }
    }

    private sealed class Booking(string tenant, KeyValuePair<(RedisAccount Account, long Place), long>[] sums)
    {
        private readonly RedisKey _mark = RedisNames.Booking(tenant, Guid.NewGuid());

        public RedisKey[] Keys() => [_mark, .. sums.Select(static sum => sum.Key.Account.Key(sum.Key.Place))];

        public RedisValue[] Arguments(TimeSpan now, string node, LimitOptions options)
        {
            var arguments = new List<RedisValue> { (long)options.Memory.TotalMilliseconds, node };
            foreach (var ((known, place), amount) in sums)
            {
                var account = known.Account;
                var isWindow = account.Kind is AccountKind.Window;
                arguments.AddRange(
                [
                    known.Kind, amount, isWindow ? (long)AgeOf(account, place, now).TotalMicroseconds : 0, isWindow ? known.Width : 0,
                    isWindow ? account.Buckets : 0, account.IsKept ? 1 : 0,
                ]);
            }

            return [.. arguments];
        }

        /// <summary>What is booked is there, also when Redis loses its memory before it is seen.</summary>
        public void Saw()
        {
            foreach (var ((known, place), amount) in sums)
            {
                known.Settled(place, 0, amount);
            }
        }
    }
}
