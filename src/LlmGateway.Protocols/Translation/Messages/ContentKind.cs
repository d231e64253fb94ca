namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>The kinds of content that both dialects have.</summary>
internal enum ContentKind
{
    Text,
    Image,
    File,
}
