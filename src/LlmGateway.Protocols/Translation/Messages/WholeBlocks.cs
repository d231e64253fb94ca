namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Gathers the blocks of an answer that is no stream: neighbours of a kind are one block, each tool call is its own.</summary>
internal sealed class WholeBlocks : IAnswerSink
{
    private readonly List<AnswerBlock> _blocks = [];

    public IReadOnlyList<AnswerBlock> Blocks => _blocks;

    public bool HasTools { get; private set; }

    public void Thinking(ReadOnlySpan<byte> text) => Append(BlockKind.Thinking, text);

    public void Text(ReadOnlySpan<byte> text) => Append(BlockKind.Text, text);

    public void Tool(ToolFragment fragment)
    {
        HasTools = true;
        ToolBlocks.Take(_blocks, fragment);
    }

    private void Append(BlockKind kind, ReadOnlySpan<byte> text)
    {
        if (_blocks.Count == 0 || _blocks[^1].Kind != kind)
            _blocks.Add(new AnswerBlock(kind));
        _blocks[^1].Append(text);
    }
}
