using System.Text.Json;
using LlmGateway.Catalog;

namespace LlmGateway.Routing;

/// <summary>Capabilities as the configuration spells them.</summary>
internal static class CapabilityNames
{
    /// <summary><c>tools, json_schema</c>.</summary>
    public static string Of(Capabilities capabilities) => string.Join(", ", Enum.GetValues<Capabilities>()
        .Where(one => one is not Capabilities.None && capabilities.HasFlag(one))
        .Select(one => JsonNamingPolicy.SnakeCaseLower.ConvertName(one.ToString())));
}
