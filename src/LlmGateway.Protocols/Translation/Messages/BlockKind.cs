namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>The kinds of content blocks that an answer can have.</summary>
internal enum BlockKind
{
    Thinking,
    Text,
    Tool,
}
