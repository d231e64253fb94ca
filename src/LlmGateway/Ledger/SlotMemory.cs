using System.IO.Hashing;

namespace LlmGateway.Ledger;

/// <summary>
/// One attempt in the memory-mapped file: a head of 64 bytes, then the cells of the intent, then those of the settlement. The state word is
/// written last, behind a release barrier, and each part has a checksum: a process killed at any instant leaves either a whole part or none,
/// and what a power cut tore apart is noticed. The intent is never touched by the settlement.
/// </summary>
internal readonly unsafe struct SlotMemory(byte* slot)
{
    public const int Size = 4096;

    /// <summary>Room for all cells.</summary>
    public const int Capacity = Size - Head;

    private const int Head = 64;
    private const int StateAt = 0;
    private const int IntentLengthAt = 4;
    private const int IntentHashAt = 8;
    private const int ReceivedAt = 16;
    private const int SettlementLengthAt = 24;
    private const int SettlementHashAt = 32;

    private readonly byte* _slot = slot;

    public SlotState State => (SlotState)Volatile.Read(ref *(int*)(_slot + StateAt));

    /// <summary>UTF-8 bytes of text received so far. One store: it is called for every event of a stream.</summary>
    public long Received
    {
        get => Volatile.Read(ref *(long*)(_slot + ReceivedAt));
        set => Volatile.Write(ref *(long*)(_slot + ReceivedAt), value);
    }

    public ReadOnlySpan<byte> Intent => new(_slot + Head, *(int*)(_slot + IntentLengthAt));

    public ReadOnlySpan<byte> Settlement => new(_slot + Head + *(int*)(_slot + IntentLengthAt), *(int*)(_slot + SettlementLengthAt));

    /// <summary>Where the intent is to be written.</summary>
    public Span<byte> IntentRoom => new(_slot + Head, Capacity);

    /// <summary>Where the settlement is to be written; valid once there is an intent.</summary>
    public Span<byte> SettlementRoom => new(_slot + Head + *(int*)(_slot + IntentLengthAt), Capacity - *(int*)(_slot + IntentLengthAt));

    /// <summary>What is in <see cref="IntentRoom"/> holds from here on.</summary>
    public void PublishIntent(int length)
    {
        PrepareIntent(length);
        Publish(SlotState.Intent);
    }

    /// <summary>What is in <see cref="IntentRoom"/> holds once the settlement is published, and not before: a row that is settled from its beginning.</summary>
    public void PrepareIntent(int length)
    {
        *(int*)(_slot + IntentLengthAt) = length;
        *(ulong*)(_slot + IntentHashAt) = XxHash3.HashToUInt64(Intent);
        Received = 0;
    }

    /// <summary>What is in <see cref="SettlementRoom"/> holds from here on.</summary>
    public void PublishSettlement(int length)
    {
        *(int*)(_slot + SettlementLengthAt) = length;
        *(ulong*)(_slot + SettlementHashAt) = SettlementHash();
        Publish(SlotState.Settled);
    }

    public void Free() => Publish(SlotState.Free);

    /// <summary>Reads the state for a restart: a part whose checksum does not match was torn.</summary>
    public SlotState Check()
    {
        var state = State;
        if (state is SlotState.Free)
        {
            return state;
        }

        var intentLength = *(int*)(_slot + IntentLengthAt);
        if (state is not (SlotState.Intent or SlotState.Settled) || intentLength is <= 0 or > Capacity
            || *(ulong*)(_slot + IntentHashAt) != XxHash3.HashToUInt64(Intent))
        {
            return SlotState.Torn;
        }

        var settlementLength = *(int*)(_slot + SettlementLengthAt);
        return state is SlotState.Settled && settlementLength > 0 && settlementLength <= Capacity - intentLength
            && *(ulong*)(_slot + SettlementHashAt) == SettlementHash() ? SlotState.Settled : SlotState.Intent;
    }

    // Seeded by the intent's, so that the settlement of an earlier attempt in this slot cannot pass for this one's.
    private ulong SettlementHash() => XxHash3.HashToUInt64(Settlement, *(long*)(_slot + IntentHashAt));

    private void Publish(SlotState state) => Volatile.Write(ref *(int*)(_slot + StateAt), (int)state);
}

/// <summary>What a slot holds.</summary>
internal enum SlotState
{
    Free,
    Intent,
    Settled,

    /// <summary>Never written: what <see cref="SlotMemory.Check"/> says of a slot that cannot be read.</summary>
    Torn,
}
