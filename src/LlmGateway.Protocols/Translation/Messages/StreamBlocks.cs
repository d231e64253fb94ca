namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>
/// Writes the blocks of a stream, of which one at most is open: what belongs to another waits until the open one is done. Text is done when
/// something else begins; a tool, whose fragments may arrive mixed with those of others, when its arguments are whole.
/// </summary>
internal sealed class StreamBlocks(EventWriter events, AnswerFacts facts) : IAnswerSink
{
    private readonly List<AnswerBlock> _blocks = [];
    private int _open;
    private bool _isOpen;

    public bool HasTools { get; private set; }

    public void Thinking(ReadOnlySpan<byte> text) => Append(BlockKind.Thinking, text);

    public void Text(ReadOnlySpan<byte> text) => Append(BlockKind.Text, text);

    public void Tool(ToolFragment fragment)
    {
        // What comes after the end of a call that is closed is nothing that its arguments could take.
        HasTools = true;
        ToolBlocks.Take(_blocks, fragment);
        Advance(isEnd: false);
    }

    /// <summary>Writes whatever waits and closes the last block.</summary>
    public void Finish() => Advance(isEnd: true);

    private void Append(BlockKind kind, ReadOnlySpan<byte> text)
    {
        if (_blocks.Count == _open || _blocks[^1].Kind != kind)
            _blocks.Add(new AnswerBlock(kind));
        _blocks[^1].Append(text);
        Advance(isEnd: false);
    }

    private void Advance(bool isEnd)
    {
        while (_open < _blocks.Count)
        {
            var block = _blocks[_open];

            // A tool's start cannot be written without its name, nor can be taken back.
            if (!_isOpen && !isEnd && block.Kind is BlockKind.Tool && block.ToolName.Length == 0)
                return;
            Open(block);
            Flush(block);
            if (!isEnd && (_open + 1 == _blocks.Count || !block.IsDone))
                return;
            Close(block);
        }
    }

    private void Open(AnswerBlock block)
    {
        if (_isOpen)
            return;
        _isOpen = true;
        var json = events.Begin("content_block_start"u8);
        json.WriteNumber("index"u8, _open);
        BlockWriter.WriteEmpty(json, block, ToolIds.Of(block, facts.Id, _open));
        events.End();
    }

    private void Flush(AnswerBlock block)
    {
        if (block.Pending.WrittenCount == 0)
            return;
        var json = events.Begin("content_block_delta"u8);
        json.WriteNumber("index"u8, _open);
        BlockWriter.WriteDelta(json, block.Kind, block.Pending.WrittenSpan);
        events.End();
        block.Pending.ResetWrittenCount();
    }

    private void Close(AnswerBlock block)
    {
        if (block.Kind is BlockKind.Thinking)
        {
            // Always the last delta of such a block, and some clients wait for it.
            var signature = events.Begin("content_block_delta"u8);
            signature.WriteNumber("index"u8, _open);
            BlockWriter.WriteSignature(signature);
            events.End();
        }

        var json = events.Begin("content_block_stop"u8);
        json.WriteNumber("index"u8, _open);
        events.End();
        _open++;
        _isOpen = false;
    }
}
