namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>What a piece of text is.</summary>
internal enum TextKind
{
    Text,
    Thoughts,
    Refusal,
}
