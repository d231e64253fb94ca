namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Finds the tool call that a fragment belongs to, as loosely as providers number them.</summary>
internal static class ToolBlocks
{
    /// <summary>The block, added to the end where the fragment begins a call.</summary>
    public static AnswerBlock Take(List<AnswerBlock> blocks, ToolFragment fragment)
    {
        var block = fragment.IsWhole ? null : Find(blocks, fragment);
        if (block is null)
        {
            block = new AnswerBlock(BlockKind.Tool) { ToolIndex = fragment.Index };
            blocks.Add(block);
        }

        block.Identify(fragment.Id, fragment.Name);
        block.Append(fragment.Arguments);
        return block;
    }

    private static AnswerBlock? Find(List<AnswerBlock> blocks, ToolFragment fragment)
    {
        for (var i = blocks.Count - 1; i >= 0; i--)
        {
            if (blocks[i].Kind is BlockKind.Tool && Belongs(blocks[i], fragment))
                return blocks[i];
        }

        return null;
    }

    private static bool Belongs(AnswerBlock block, ToolFragment fragment)
    {
        var isOther = !string.IsNullOrEmpty(fragment.Id) && block.ToolId.Length > 0 && fragment.Id != block.ToolId;

        // Without an index (Mistral) the id tells; without both it is the last call that goes on.
        if (fragment.Index is not { } index)
            return !isOther;

        // Some give every call the index 0: another id with a name is another call. Another id alone is the same call named anew.
        return block.ToolIndex == index && !(isOther && !string.IsNullOrEmpty(fragment.Name));
    }
}
