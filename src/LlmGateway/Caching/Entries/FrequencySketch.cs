using System.Numerics;

namespace LlmGateway.Caching.Entries;

/// <summary>
/// About how often keys were asked for lately, also those that are not kept: a count-min sketch of four rows of four-bit counters, all of which
/// are halved now and then (TinyLFU: A Highly Efficient Cache Admission Policy, Einziger et al.). The keys are hashes, so that each row takes bits of its own
/// from them.
/// </summary>
internal sealed class FrequencySketch
{
    private const int SamplePerKey = 10;
    private const ulong HalfMask = 0x7777777777777777;

    private readonly ulong[] _counters;
    private readonly int _mask;
    private readonly int _sample;
    private int _uses;

    /// <param name="keys">About how many are kept.</param>
    public FrequencySketch(int keys)
    {
        _counters = new ulong[BitOperations.RoundUpToPowerOf2((uint)keys)];
        _mask = _counters.Length - 1;
        _sample = SamplePerKey * _counters.Length;
    }

    /// <summary>0 to 15.</summary>
    public int Estimate(CacheKey key) =>
        Math.Min(Math.Min(Read(key.A, 0), Read(key.B, 1)), Math.Min(Read(key.C, 2), Read(key.D, 3)));

    public void Increment(CacheKey key)
    {
        Add(key.A, 0);
        Add(key.B, 1);
        Add(key.C, 2);
        Add(key.D, 3);

        // Also one that is at its most counts as a use: else keys that all are would never give way to others.
        if (++_uses == _sample)
        {
            for (var i = 0; i < _counters.Length; i++)
            {
                _counters[i] = (_counters[i] >> 1) & HalfMask;
            }

            _uses = 0;
        }
    }

    private static int Shift(ulong hash, int row) => (row << 4) | (int)((hash >> 60) & 0xC);

    private int Read(ulong hash, int row) => (int)(_counters[(int)hash & _mask] >> Shift(hash, row)) & 0xF;

    private void Add(ulong hash, int row)
    {
        ref var counters = ref _counters[(int)hash & _mask];
        var shift = Shift(hash, row);
        if (((counters >> shift) & 0xF) != 0xF)
        {
            counters += 1UL << shift;
        }
    }
}
