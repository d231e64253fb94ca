namespace LlmGateway.Upstream;

/// <summary>What a vendor does differently from OpenAI on the same dialect, by <c>profile</c>.</summary>
internal static class ProviderHabits
{
    /// <summary>Mistral refuses the member with 422 and reports usage in the finish chunk without being asked.</summary>
    public static bool TakesStreamOptions(string? profile) => profile != "mistral";

    /// <summary>OpenAI's reasoning models refuse <c>max_tokens</c>; most other vendors know no other name for it.</summary>
    public static bool WantsMaxCompletionTokens(string? profile) => profile is "openai" or "azure";
}
