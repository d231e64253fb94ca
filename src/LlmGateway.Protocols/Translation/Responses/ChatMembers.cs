namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>What members of a chat request are called in the request that it was made of.</summary>
internal static class ChatMembers
{
    /// <summary>
    /// The member that an error is about, for a caller that never wrote the chat request. A path into the messages is cut short: they have other
    /// places there.
    /// </summary>
    public static string? InResponses(string? param) => param switch
    {
        "max_tokens" or "max_completion_tokens" => "max_output_tokens",
        "reasoning_effort" => "reasoning.effort",
        "verbosity" => "text.verbosity",
        not null when Leads(param, "messages") => "input",
        not null when Leads(param, "response_format") => "text.format",
        _ => param,
    };

    private static bool Leads(string path, string name) =>
        path.StartsWith(name, StringComparison.Ordinal) && (path.Length == name.Length || path[name.Length] is '.' or '[');
}
