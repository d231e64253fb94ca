namespace LlmGateway.Protocols.OpenAI;

/// <summary>One <c>usage</c> member found in a chunk.</summary>
/// <param name="Cut">What to take out so that the member is gone and the JSON stays valid: the member and one of its commas.</param>
/// <param name="IsNull">Whether its value is null.</param>
public readonly record struct UsageMember(ByteRange Cut, bool IsNull);
