using System.Text.Json.Serialization;

namespace LlmGateway.Admin;

/// <summary>The request that is asked about where none is given.</summary>
internal sealed record SampleRequest(IReadOnlyList<SampleMessage> Messages);

internal sealed record SampleMessage(string Role, string Content);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SampleRequest))]
internal sealed partial class ExplainJson : JsonSerializerContext;
