namespace LlmGateway.Protocols.Usage;

/// <summary>How to read a usage object of the OpenAI dialect where its numbers alone do not tell.</summary>
public enum OpenAIUsageProfile
{
    /// <summary>As OpenAI defines it: cached tokens are a part of the prompt, reasoning tokens a part of the completion.</summary>
    Standard,

    /// <summary>As xAI counts: reasoning comes on top of the completion, and cached tokens above the prompt come on top of it.</summary>
    Xai,
}
