namespace LlmGateway.Catalog;

/// <summary>The wire format that a provider speaks, and that a caller is answered in.</summary>
internal enum Dialect
{
    OpenAI,
    Anthropic,
    Gemini,
}
