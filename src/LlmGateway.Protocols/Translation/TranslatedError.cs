namespace LlmGateway.Protocols.Translation;

/// <summary>An error as the gateway tells it, before it is written in a dialect.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Message">What was wrong, where, and what to do.</param>
/// <param name="Type">OpenAI's <c>type</c>.</param>
/// <param name="Param">The member that is at fault; null for none.</param>
/// <param name="Code">The code that programs test; null for none.</param>
/// <param name="RequestId">By which the exchange is found; null outside one.</param>
public readonly record struct TranslatedError(int Status, string Message, string Type, string? Param, string? Code, string? RequestId);
