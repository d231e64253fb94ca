namespace LlmGateway.Protocols.Translation;

/// <summary>A request of another dialect as one of OpenAI's chat completions, or why it cannot be one.</summary>
/// <param name="Body">The chat request, one JSON object; empty where there is a <paramref name="Fault"/>.</param>
/// <param name="Answer">Who writes its answer; also there where there is a fault, for the error.</param>
/// <param name="Dropped">The members that had no place and do not change what is asked for, for <c>x-gateway-warning</c>.</param>
/// <param name="Fault">What is wrong with it; null for nothing.</param>
public sealed record TranslatedRequest(ReadOnlyMemory<byte> Body, IAnswerTranslator Answer, IReadOnlyList<string> Dropped, TranslationFault? Fault);
