using System.Buffers;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>A content block of an answer, and what of it has not been written yet.</summary>
internal sealed class AnswerBlock(BlockKind kind)
{
    private JsonEnd _end;

    public BlockKind Kind { get; } = kind;

    /// <summary>Text, or the arguments of a tool.</summary>
    public ArrayBufferWriter<byte> Pending { get; } = new();

    public int? ToolIndex { get; init; }

    public string ToolId { get; private set; } = "";

    public string ToolName { get; private set; } = "";

    /// <summary>Nothing more can come, given that something else has begun: text has ended then, a tool when its arguments are whole.</summary>
    public bool IsDone => Kind is not BlockKind.Tool || _end.IsReached;

    public void Append(ReadOnlySpan<byte> text)
    {
        Pending.Write(text);
        if (Kind is BlockKind.Tool)
            _end.Feed(text);
    }

    /// <summary>The first that is said counts: providers repeat both, or send them empty.</summary>
    public void Identify(string? id, string? name)
    {
        if (ToolId.Length == 0)
            ToolId = id ?? "";
        if (ToolName.Length == 0)
            ToolName = name ?? "";
    }
}
