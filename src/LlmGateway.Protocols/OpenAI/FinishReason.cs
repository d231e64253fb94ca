namespace LlmGateway.Protocols.OpenAI;

/// <summary>Why a choice ended: OpenAI's five values, and what compatible providers say beyond them.</summary>
public enum FinishReason
{
    /// <summary>Not ended, or not said.</summary>
    None,

    /// <summary>A natural end or a stop sequence.</summary>
    Stop,

    /// <summary>The output bound or the context window was reached.</summary>
    Length,

    /// <summary>The model calls tools.</summary>
    ToolCalls,

    /// <summary>The provider's filter cut the answer.</summary>
    ContentFilter,

    /// <summary>The model calls a function (the deprecated form).</summary>
    FunctionCall,

    /// <summary>The provider broke off with an error (OpenRouter and Mistral <c>error</c>, Zhipu <c>network_error</c>, vLLM and SGLang <c>abort</c>).</summary>
    Error,

    /// <summary>The provider broke off for lack of capacity (DeepSeek and Pangu <c>insufficient_system_resource</c>).</summary>
    Overloaded,

    /// <summary>A value that nobody has told us about.</summary>
    Other,
}
