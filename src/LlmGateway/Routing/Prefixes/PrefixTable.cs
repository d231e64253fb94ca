namespace LlmGateway.Routing.Prefixes;

/// <summary>
/// Which prefixes were sent where lately: a table of 1 MiB that is made once, holds no references and forgets the one that was unused for
/// longest where a set is full. Without locks: a key and its facts are two words, so a reader may meet the facts of another entry that is just
/// taking the place, and two writers may take the same one. Either costs a prediction and nothing else.
/// </summary>
internal sealed class PrefixTable(TimeProvider? time = null)
{
    /// <summary>
    /// Vendors keep a prompt for 5 to 10 minutes after its last use (OpenAI and Azure say so; Anthropic 5); what they really did, the next
    /// answer reports.
    /// </summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private const int Sets = 8192;
    private const int Ways = 8; // The keys of a set fill one line of the processor's cache.

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly ulong[] _keys = new ulong[Sets * Ways];
    private readonly ulong[] _facts = new ulong[Sets * Ways];

    /// <summary>In seconds, for the other methods: caches are as warm as they are now, whatever time a dry run asks about. May wrap around.</summary>
    public uint Now => unchecked((uint)(_time.GetTimestamp() / _time.TimestampFrequency));

    /// <summary>True where that prefix was sent to that deployment, and may still be in its cache.</summary>
    /// <param name="credential">With which credential: 1 for the first of its provider, 0 for none.</param>
    public bool TryFind(ulong prefix, ulong deployment, uint now, out int credential)
    {
        var key = KeyOf(prefix, deployment);
        var set = SetOf(key);
        for (var i = set; i < set + Ways; i++)
        {
            if (Volatile.Read(ref _keys[i]) == key)
            {
                var facts = Volatile.Read(ref _facts[i]);
                credential = (int)(facts & uint.MaxValue);
                return Age(facts, now) < Life.TotalSeconds;
            }
        }

        credential = 0;
        return false;
    }

    /// <summary>That prefix has been sent to that deployment now.</summary>
    public void Remember(ulong prefix, ulong deployment, int credential, uint now)
    {
        var key = KeyOf(prefix, deployment);
        var set = SetOf(key);
        var (place, oldest) = (set, -1L);
        for (var i = set; i < set + Ways; i++)
        {
            var held = Volatile.Read(ref _keys[i]);
            if (held == key)
            {
                place = i;
                break;
            }

            var age = held == 0 ? long.MaxValue : Age(Volatile.Read(ref _facts[i]), now);
            if (age > oldest)
            {
                (place, oldest) = (i, age);
            }
        }

        Volatile.Write(ref _facts[place], ((ulong)now << 32) | (uint)credential);
        Volatile.Write(ref _keys[place], key);
    }

    /// <summary>That deployment does not have that prefix.</summary>
    public void Forget(ulong prefix, ulong deployment)
    {
        var key = KeyOf(prefix, deployment);
        var set = SetOf(key);
        for (var i = set; i < set + Ways; i++)
        {
            if (Volatile.Read(ref _keys[i]) == key)
            {
                Volatile.Write(ref _keys[i], 0);
            }
        }
    }

    // 0 is an empty place.
    private static ulong KeyOf(ulong prefix, ulong deployment) => DecisionRandom.Mix(prefix ^ deployment) is not 0 and var key ? key : 1;

    private static int SetOf(ulong key) => (int)(key % Sets) * Ways;

    private static long Age(ulong facts, uint now) => unchecked(now - (uint)(facts >> 32));
}
