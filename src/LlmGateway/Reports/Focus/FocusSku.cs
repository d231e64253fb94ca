using System.Text.Json.Nodes;

namespace LlmGateway.Reports.Focus;

/// <summary>What is sold: tokens of one kind of one model. A model of two providers is one SKU with two prices.</summary>
/// <param name="Id">The same wherever the model is bought.</param>
/// <param name="PriceId">The same as long as the provider sells it, whatever the price is by then.</param>
/// <param name="Meter">What is counted.</param>
/// <param name="Description">The charge in words.</param>
/// <param name="Details">Of the price, as a JSON object.</param>
internal sealed record FocusSku(string Id, string PriceId, string Meter, string Description, string Details)
{
    public static FocusSku Of(string provider, string model, FocusKind kind) => new(
        $"{model}/{kind.Name}",
        $"{provider}/{model}/{kind.Name}",
        kind.Meter,
        $"{kind.Meter} of {model} at {provider}",
        new JsonObject { ["Model"] = model, ["TokenKind"] = kind.Name }.ToJsonString());
}
