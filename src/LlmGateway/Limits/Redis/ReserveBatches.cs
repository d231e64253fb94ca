using System.Collections.Concurrent;

namespace LlmGateway.Limits.Redis;

/// <summary>
/// Calls of the script that reserves, one at a time for a tenant: what comes while one is under way goes together in the next. An idle gateway
/// sends each call at once, a busy one sends few.
/// </summary>
internal sealed class ReserveBatches(RedisLink link)
{
    /// <summary>So many reservations take a script some milliseconds, in which Redis does nothing else.</summary>
    private const int MostAtOnce = 32;

    private readonly ConcurrentDictionary<string, OfTenant> _tenants = new(StringComparer.Ordinal);

    /// <summary>The script's answer; null when there was none in time: it may have run nevertheless.</summary>
    public ValueTask<string?> CallAsync(string tenant, ScriptCall call) =>
        (_tenants.TryGetValue(tenant, out var found) ? found : _tenants.GetOrAdd(tenant, _ => new OfTenant(link))).CallAsync(call);

    private sealed class OfTenant(RedisLink link)
    {
        private readonly Lock _gate = new();
        private readonly Queue<(ScriptCall Call, TaskCompletionSource<string?> Answer)> _waiting = new();
        private bool _underWay;

        public ValueTask<string?> CallAsync(ScriptCall call)
        {
            lock (_gate)
            {
                if (_underWay)
                {
                    var answer = new TaskCompletionSource<string?>();
                    _waiting.Enqueue((call, answer));
                    return new(answer.Task);
                }

                _underWay = true;
            }

            return AloneAsync(call);
        }

        private async ValueTask<string?> AloneAsync(ScriptCall call)
        {
            string? text = null;
            try
            {
                text = await SendAsync([call]);
            }
            finally
            {
                Next(text is not null);
            }

            return text;
        }

        private async Task TogetherAsync((ScriptCall Call, TaskCompletionSource<string?> Answer)[] batch)
        {
            string? text = null;
            try
            {
                text = await SendAsync(Array.ConvertAll(batch, static entry => entry.Call));
            }
            finally
            {
                Next(text is not null);
                Tell(batch, text);
            }
        }

        // One after the other right here: each goes on for microseconds, and a wake-up of another thread costs more.
        private static void Tell((ScriptCall Call, TaskCompletionSource<string?> Answer)[] batch, string? text)
        {
            var from = 0;
            foreach (var (_, answer) in batch)
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
        private void Next(bool answered)
        {
            (ScriptCall Call, TaskCompletionSource<string?> Answer)[] batch;
            lock (_gate)
            {
                if (_waiting.Count == 0)
                {
                    _underWay = false;
                    return;
                }

                batch = answered && _waiting.Count > MostAtOnce ? Take(MostAtOnce) : Take(_waiting.Count);
                _underWay = answered;
            }

            if (answered)
            {
                _ = TogetherAsync(batch);
            }
            else
            {
                Tell(batch, null);
            }
        }

        private (ScriptCall Call, TaskCompletionSource<string?> Answer)[] Take(int count)
        {
            var taken = new (ScriptCall Call, TaskCompletionSource<string?> Answer)[count];
            for (var i = 0; i < count; i++)
            {
                taken[i] = _waiting.Dequeue();
            }

            return taken;
        }
    }
}
