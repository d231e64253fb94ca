using System.Diagnostics.CodeAnalysis;
using LlmGateway.Protocols.Usage;

namespace LlmGateway.Protocols.OpenAI;

/// <summary>What a gateway must know of one chunk of an OpenAI stream, or of one whole answer. Ranges count from the scanned span's start.</summary>
public struct ChatChunkFacts
{
    private UsageMemberSlots _usageMembers;
    private int _usageMemberCount;

    /// <summary>Not a JSON object. Every other fact is then at its default.</summary>
    public bool IsMalformed { get; internal set; }

    /// <summary>
    /// The provider reports a failure inside its 200: a truthy <c>error</c> at top level or in a choice, a finish reason that means one, or
    /// one of the forms without <c>error</c> (<c>errors</c>, <c>error_code</c>, a non-zero <c>code</c> with a message, <c>base_resp</c>, …).
    /// </summary>
    public bool HasError { get; internal set; }

    /// <summary>The value of the truthy <c>error</c> or <c>errors</c> member, when the failure was told by one; empty otherwise.</summary>
    public ByteRange Error { get; internal set; }

    /// <summary>Whether <see cref="Usage"/> was read: some usage member held at least one token count.</summary>
    public bool HasUsage { get; internal set; }

    /// <summary>The last usage in the chunk that held token counts.</summary>
    public TokenUsage Usage { get; internal set; }

    /// <summary>The chunk exists only to carry usage: choices empty, null or absent, and nothing else of substance.</summary>
    public bool IsPureUsage { get; internal set; }

    /// <summary>There is at least one choice, however empty.</summary>
    public bool HasChoices { get; internal set; }

    /// <summary>Something a user would miss: text, reasoning, a refusal, a tool call, audio, or a finish reason.</summary>
    public bool HasContent { get; internal set; }

    /// <summary>Which kinds of generated content there are; a finish reason is none.</summary>
    public TextKinds Kinds { get; internal set; }

    /// <summary>Some delta names a role, as the first chunk of each choice does.</summary>
    public bool HasRole { get; internal set; }

    /// <summary>Some choice has a non-zero <c>flag</c>, by which Qianfan marks unsafe content.</summary>
    public bool IsFlagged { get; internal set; }

    /// <summary>Choices beyond so many are not told apart; OpenAI allows 128.</summary>
    public const int MaxChoices = 128;

    /// <summary>The choices in this chunk, a bit for each as in <see cref="FinishedChoices"/>.</summary>
    public UInt128 SeenChoices { get; internal set; }

    /// <summary>The choices that have a finish reason in this chunk, a bit for each <c>index</c> (without one, its place among the choices).</summary>
    public UInt128 FinishedChoices { get; internal set; }

    /// <summary>The last finish reason in the chunk.</summary>
    public FinishReason FinishReason { get; internal set; }

    /// <summary>The bytes of that finish reason, quotes excluded.</summary>
    public ByteRange FinishReasonValue { get; internal set; }

    /// <summary>
    /// The bytes of the first finish reason that is not one of OpenAI's five, quotes excluded; empty when there is none. SDKs with closed
    /// enums throw on it. Whoever replaces it scans again: another choice may have one too.
    /// </summary>
    public ByteRange ForeignFinishReason { get; internal set; }

    /// <summary>The bytes of the top-level <c>model</c>, quotes excluded; empty when absent or not a string.</summary>
    public ByteRange Model { get; internal set; }

    /// <summary>Whether there are more usage members than <see cref="UsageMembers"/> lists.</summary>
    public bool HasMoreUsageMembers { get; internal set; }

    /// <summary>Every <c>usage</c> member at top level, in the choices and in <c>x_groq</c>, in the order of the bytes.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<UsageMember> UsageMembers => ((ReadOnlySpan<UsageMember>)_usageMembers)[.._usageMemberCount];

    internal void AddUsageMember(UsageMember member)
    {
        if (_usageMemberCount < UsageMemberSlots.Capacity)
            _usageMembers[_usageMemberCount++] = member;
        else
            HasMoreUsageMembers = true;
    }

    internal void Shift(int offset)
    {
        Error = Moved(Error, offset);
        FinishReasonValue = Moved(FinishReasonValue, offset);
        ForeignFinishReason = Moved(ForeignFinishReason, offset);
        Model = Moved(Model, offset);
        for (var i = 0; i < _usageMemberCount; i++)
            _usageMembers[i] = _usageMembers[i] with { Cut = Moved(_usageMembers[i].Cut, offset) };
    }

    private static ByteRange Moved(ByteRange range, int offset) => range.IsEmpty ? range : range with { Offset = range.Offset + offset };
}
