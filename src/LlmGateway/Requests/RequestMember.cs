using System.Text.Json;

namespace LlmGateway.Requests;

/// <summary>A member of the body that the gateway reads.</summary>
internal enum RequestMember
{
    Other,
    Model,
    Stream,
    StreamOptions,
    MaxTokens,
    MaxCompletionTokens,
    N,
    BestOf,
    User,
    SafetyIdentifier,
    Metadata,
    Tools,
    Functions,
    ParallelToolCalls,
    ResponseFormat,
    ReasoningEffort,
    Fallbacks,
    Messages,
    Prompt,
    Input,
}

/// <summary>Finds the member that a name stands for.</summary>
internal static class RequestMembers
{
    private const int LongestName = 32;

    private static readonly string[] Names =
    [
        "", "model", "stream", "stream_options", "max_tokens", "max_completion_tokens", "n", "best_of", "user", "safety_identifier", "metadata",
        "tools", "functions", "parallel_tool_calls", "response_format", "reasoning_effort", "fallbacks", "messages", "prompt", "input",
    ];

    public static string NameOf(RequestMember member) => Names[(int)member];

    /// <summary>
    /// The member of that name. <paramref name="exact"/> is false where only the case of letters differs: parsers in Go ignore case, so a
    /// provider could take <c>Model</c> for the model that was checked and priced here as <c>model</c>.
    /// </summary>
    public static RequestMember Find(in Utf8JsonReader reader, out bool exact)
    {
        exact = true;
        if (!reader.ValueIsEscaped && FindExact(reader.ValueSpan) is var member and not RequestMember.Other)
        {
            return member;
        }

        Span<byte> name = stackalloc byte[LongestName];
        if (!JsonText.TryUnescapeName(reader.ValueSpan, name, out var length))
        {
            return RequestMember.Other;
        }

        name = name[..length];
        member = FindExact(name);
        if (member is RequestMember.Other)
        {
            Span<byte> lower = stackalloc byte[length];
            _ = System.Text.Ascii.ToLower(name, lower, out var written);
            member = written == length ? FindExact(lower) : RequestMember.Other;
            exact = false;
        }

        return member;
    }

    // By length first: most names are told apart without comparing a byte.
    private static RequestMember FindExact(ReadOnlySpan<byte> name) => name.Length switch
    {
        1 when name[0] == (byte)'n' => RequestMember.N,
        4 when name.SequenceEqual("user"u8) => RequestMember.User,
        5 when name.SequenceEqual("model"u8) => RequestMember.Model,
        5 when name.SequenceEqual("tools"u8) => RequestMember.Tools,
        5 when name.SequenceEqual("input"u8) => RequestMember.Input,
        6 when name.SequenceEqual("stream"u8) => RequestMember.Stream,
        6 when name.SequenceEqual("prompt"u8) => RequestMember.Prompt,
        7 when name.SequenceEqual("best_of"u8) => RequestMember.BestOf,
        8 when name.SequenceEqual("messages"u8) => RequestMember.Messages,
        8 when name.SequenceEqual("metadata"u8) => RequestMember.Metadata,
        9 when name.SequenceEqual("functions"u8) => RequestMember.Functions,
        9 when name.SequenceEqual("fallbacks"u8) => RequestMember.Fallbacks,
        10 when name.SequenceEqual("max_tokens"u8) => RequestMember.MaxTokens,
        14 when name.SequenceEqual("stream_options"u8) => RequestMember.StreamOptions,
        15 when name.SequenceEqual("response_format"u8) => RequestMember.ResponseFormat,
        16 when name.SequenceEqual("reasoning_effort"u8) => RequestMember.ReasoningEffort,
        17 when name.SequenceEqual("safety_identifier"u8) => RequestMember.SafetyIdentifier,
        19 when name.SequenceEqual("parallel_tool_calls"u8) => RequestMember.ParallelToolCalls,
        21 when name.SequenceEqual("max_completion_tokens"u8) => RequestMember.MaxCompletionTokens,
        _ => RequestMember.Other,
    };
}
