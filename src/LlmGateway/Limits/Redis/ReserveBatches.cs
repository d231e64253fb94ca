using System.Collections.Concurrent;

namespace LlmGateway.Limits.Redis;

/// <summary>
/// Calls of the script that reserves, one at a time for a tenant: what comes while one is under way goes together in the next. An idle gateway
/// sends each call at once, a busy one sends few.
/// </summary>
internal sealed class ReserveBatches(RedisLink link, LimitOptions options, TimeProvider time)
{
    /// <summary>So many reservations take a script some milliseconds, in which Redis does nothing else.</summary>
    private const int MostAtOnce = 32;

    /// <summary>Behind a call that was slow nobody waits for more than one other.</summary>
    private const int MostBehindSlow = 512;

    private readonly ConcurrentDictionary<string, OfTenant> _tenants = new(StringComparer.Ordinal);

    /// <summary>The script's answer; null when there was none in time: it may have run nevertheless.</summary>
    public ValueTask<string?> CallAsync(string tenant, ScriptCall call) =>
        (_tenants.TryGetValue(tenant, out var found) ? found : _tenants.GetOrAdd(tenant, _ => new OfTenant(link, options, time))).CallAsync(call);

    private sealed class OfTenant(RedisLink link, LimitOptions options, TimeProvider time)
    {
        private readonly Lock _gate = new();
        private readonly Queue<Waiting> _waiting = new();
        private bool _underWay;

        public ValueTask<string?> CallAsync(ScriptCall call)
        {
            lock (_gate)
            {
                if (_underWay)
                {
                    var answer = new TaskCompletionSource<string?>();
                    _waiting.Enqueue(new Waiting(call, answer, time.GetTimestamp()));
                    return new(answer.Task);
                }

                _underWay = true;
            }

            return AloneAsync(call);
        }

        private async ValueTask<string?> AloneAsync(ScriptCall call)
        {
            string? text = null;
            var sent = time.GetTimestamp();
            try
            {
                text = await SendAsync([call]);
            }
            finally
            {
                Next(text is not null, sent);
            }

            return text;
        }

        private async Task TogetherAsync(Waiting[] batch)
        {
            string? text = null;
            var sent = time.GetTimestamp();
            try
            {
                text = await SendAsync(Array.ConvertAll(batch, static entry => entry.Call));
            }
            finally
            {
                Next(text is not null, sent);
                Tell(batch, text);
            }
        }

        // One after the other right here: each goes on for microseconds, and a wake-up of another thread costs more.
        private static void Tell(Waiting[] batch, string? text)
        {
            var from = 0;
            foreach (var (_, answer, _) in batch)
            {
                var end = text is null ? -1 : text.IndexOf('\n', from);
                answer.SetResult(text is null ? null : end < 0 ? text[from..] : text[from..end]);
                from = end + 1;
            }
        }

        private async ValueTask<string?> SendAsync(ScriptCall[] calls)
        {
            var (keys, arguments) = ScriptCall.Combine(calls);
            return await link.CallAsync(RedisScript.Reserve, keys, arguments) is { } result ? (string?)result : null;
        }

        /// <param name="answered">Where there was no answer, those that wait have waited as long as one may.</param>
        /// <param name="sent">When the call was sent that is over.</param>
        private void Next(bool answered, long sent)
        {
            Waiting[] late, batch;
            lock (_gate)
            {
                // Behind a Redis that is slow they would wait for one slow call after the other; behind a crowd of ours for many quick ones.
                var most = time.GetElapsedTime(sent) > options.RedisTimeout / 2 ? MostBehindSlow : MostAtOnce;
                late = answered ? Take(_waiting.TakeWhile(one => time.GetElapsedTime(one.Since) > options.BusyTimeout).Count()) : Take(_waiting.Count);
                batch = Take(Math.Min(most, _waiting.Count));
                _underWay = batch.Length > 0;
            }

            if (batch.Length > 0)
            {
                _ = TogetherAsync(batch);
            }

            Tell(late, null);
        }

        private Waiting[] Take(int count)
        {
            var taken = count == 0 ? [] : new Waiting[count];
            for (var i = 0; i < count; i++)
            {
                taken[i] = _waiting.Dequeue();
            }

            return taken;
        }
    }

    private readonly record struct Waiting(ScriptCall Call, TaskCompletionSource<string?> Answer, long Since);
}
