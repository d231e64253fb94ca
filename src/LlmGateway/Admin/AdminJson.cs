using System.Text.Json.Serialization;

namespace LlmGateway.Admin;

/// <summary>How the answers of the admin API are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(KeyView))]
[JsonSerializable(typeof(KeyPage))]
[JsonSerializable(typeof(DeploymentPage))]
[JsonSerializable(typeof(DecisionView))]
[JsonSerializable(typeof(ExchangeView))]
[JsonSerializable(typeof(DeliveryPage))]
[JsonSerializable(typeof(SemanticView))]
[JsonSerializable(typeof(PurgeView))]
[JsonSerializable(typeof(LiveView))]
[JsonSerializable(typeof(Doctor.FindingView[]))]
[JsonSerializable(typeof(LogLevelView))]
internal sealed partial class AdminJson : JsonSerializerContext;
