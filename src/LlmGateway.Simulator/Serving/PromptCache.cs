using LlmGateway.Simulator.Wire;

namespace LlmGateway.Simulator.Serving;

/// <summary>
/// Remembers which prompt prefixes were seen, for each key and model, as providers do that bill them at a discount: from 1,024 tokens on,
/// in steps of 128, a token being 4 bytes of text. Bounded: two generations, the older of which is dropped when the younger is full.
/// </summary>
internal sealed class PromptCache
{
    private const int FirstBytes = 1_024 * 4;
    private const int StepBytes = 128 * 4;
    private const int Generation = 65_536;

    private readonly Lock _lock = new();
    private HashSet<ulong> _young = [];
    private HashSet<ulong> _old = [];

    /// <summary>How many tokens of this prompt were seen before; remembers all of it.</summary>
    public int Touch(ReadOnlySpan<byte> text, ulong seed)
    {
        if (text.Length < FirstBytes)
        {
            return 0;
        }

        int cached = 0;
        bool known = true;
        ulong hash = Hash64.Of(text[..FirstBytes], seed);
        lock (_lock)
        {
            for (int end = FirstBytes; ; end += StepBytes)
            {
                known &= _young.Contains(hash) || _old.Contains(hash);
                cached = known ? end / 4 : cached;
                Remember(hash);
                if (end + StepBytes > text.Length)
                {
                    return cached;
                }

                hash = Hash64.Of(text.Slice(end, StepBytes), hash);
            }
        }
    }

    private void Remember(ulong hash)
    {
        if (_young.Count >= Generation)
        {
            _old = _young;
            _young = [];
        }

        _young.Add(hash);
    }
}
