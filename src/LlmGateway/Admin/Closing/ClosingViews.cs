using System.Text.Json.Serialization;

namespace LlmGateway.Admin.Closing;

/// <summary>How the answers about closes, corrections and re-ratings are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PeriodView))]
[JsonSerializable(typeof(PeriodPage))]
[JsonSerializable(typeof(CorrectionView))]
[JsonSerializable(typeof(CorrectionPage))]
[JsonSerializable(typeof(RerateView))]
internal sealed partial class ClosingViews : JsonSerializerContext;
