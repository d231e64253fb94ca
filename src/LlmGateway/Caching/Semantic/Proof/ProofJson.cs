using System.Text.Json.Serialization;

namespace LlmGateway.Caching.Semantic.Proof;

/// <summary>How a proof is kept: members may be added, and a reader that does not know them leaves them out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(ProofState))]
[JsonSerializable(typeof(ProofTallies))]
internal sealed partial class ProofJson : JsonSerializerContext;
