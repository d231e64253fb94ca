using System.Buffers;
using LlmGateway.Protocols.Usage;

namespace LlmGateway.Protocols.OpenAI;

/// <summary>Learns in one pass what a gateway must know of a stream chunk (<c>chat.completion.chunk</c> or a legacy completions chunk).</summary>
public static class ChatChunkScanner
{
    /// <summary>Scans one chunk. Never throws, whatever the bytes are.</summary>
    /// <param name="chunk">The JSON of the chunk, without SSE framing.</param>
    /// <param name="facts">What was found.</param>
    /// <param name="profile">How the provider counts; see <see cref="OpenAIUsageProfile"/>.</param>
    /// <param name="text">
    /// Receives all generated text, unescaped UTF-8 (content, reasoning, refusals, tool names and arguments), for an estimate of tokens;
    /// null saves the work. For a malformed chunk it may have received a part.
    /// </param>
    public static void Scan(
        ReadOnlySpan<byte> chunk,
        out ChatChunkFacts facts,
        OpenAIUsageProfile profile = OpenAIUsageProfile.Standard,
        IBufferWriter<byte>? text = null) => ChatWalker.Scan(chunk, profile, text, out facts);

    /// <summary>Takes every usage member out of the chunk in place; all other bytes keep their values and their order.</summary>
    /// <param name="chunk">The bytes that were scanned.</param>
    /// <param name="facts">What <see cref="Scan"/> found in them.</param>
    /// <returns>The new length of the chunk, which still begins where it did.</returns>
    public static int RemoveUsage(Span<byte> chunk, in ChatChunkFacts facts)
    {
        var length = Cut(chunk, facts.UsageMembers);
        var more = facts.HasMoreUsageMembers;
        while (more)
        {
            Scan(chunk[..length], out var rest);
            length = Cut(chunk[..length], rest.UsageMembers);
            more = rest.HasMoreUsageMembers;
        }

        return length;
    }

    private static int Cut(Span<byte> chunk, ReadOnlySpan<UsageMember> members)
    {
        if (members.IsEmpty)
            return chunk.Length;
        var length = members[0].Cut.Offset;
        for (var i = 0; i < members.Length; i++)
        {
            var keptEnd = i + 1 < members.Length ? members[i + 1].Cut.Offset : chunk.Length;
            var kept = chunk[members[i].Cut.End..keptEnd];
            kept.CopyTo(chunk[length..]);
            length += kept.Length;
        }

        return length;
    }
}
