namespace LlmGateway.Protocols.Translation;

/// <summary>Why a request cannot be translated: the caller's mistake, answered with 400.</summary>
/// <param name="Message">What was wrong, where, and what to do.</param>
/// <param name="Param">The member by its path, such as <c>messages[2].content[0].type</c>.</param>
/// <param name="Code">OpenAI's code, such as <c>invalid_value</c>, <c>unsupported_parameter</c>, <c>missing_required_parameter</c>, <c>invalid_json</c>.</param>
public sealed record TranslationFault(string Message, string? Param, string Code);
