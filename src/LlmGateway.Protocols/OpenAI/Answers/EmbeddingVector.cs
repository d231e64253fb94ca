namespace LlmGateway.Protocols.OpenAI.Answers;

/// <summary>One vector of an embeddings answer.</summary>
/// <param name="Index">Of which input.</param>
/// <param name="Value">The JSON of <c>embedding</c> as it came, an array of numbers or a base64 string; a range of the body.</param>
public readonly record struct EmbeddingVector(int Index, ByteRange Value);
