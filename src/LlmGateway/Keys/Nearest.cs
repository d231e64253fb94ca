using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Keys;

/// <summary>"Did you mean" at the end of a sentence.</summary>
internal static class Nearest
{
    /// <summary>A question to append to a message, or nothing when no name is near.</summary>
    public static string Hint(string typed, IEnumerable<string> known) =>
        Suggestion.For(typed, known, otherwise: "") is { Length: > 0 } question ? $" D{question[1..]}" : "";
}
