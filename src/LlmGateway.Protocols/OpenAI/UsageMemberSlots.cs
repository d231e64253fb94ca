using System.Runtime.CompilerServices;

namespace LlmGateway.Protocols.OpenAI;

/// <summary>The storage of <see cref="ChatChunkFacts.UsageMembers"/>, inside the facts so that a chunk costs no allocation.</summary>
[InlineArray(Capacity)]
internal struct UsageMemberSlots
{
    /// <summary>How many fit. Two are the most seen; a chunk with more is cut in several rounds.</summary>
    public const int Capacity = 4;

    private UsageMember _first;
}
