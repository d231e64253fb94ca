using System.Collections.Frozen;
using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>The members of the body: what each becomes in a chat request, is refused for, or is left out.</summary>
internal static class RequestMembers
{
    /// <summary>
    /// Members that a chat request has too. Of its two names for the bound, the one that every provider knows and that requests of all dialects
    /// are compared by; whoever sends it on renames it where a provider wants the other.
    /// </summary>
    private static readonly SameMember[] Same =
    [
        new("parallel_tool_calls", "parallel_tool_calls", MemberKind.Boolean),
        new("max_output_tokens", "max_tokens", MemberKind.Integer),
        new("temperature", "temperature", MemberKind.Number),
        new("top_p", "top_p", MemberKind.Number),
        new("metadata", "metadata", MemberKind.Object),
        new("user", "user", MemberKind.String),
        new("safety_identifier", "safety_identifier", MemberKind.String),
        new("service_tier", "service_tier", MemberKind.String),
        new("prompt_cache_key", "prompt_cache_key", MemberKind.String),
        new("prompt_cache_options", "prompt_cache_options", MemberKind.Object),
        new("prompt_cache_retention", "prompt_cache_retention", MemberKind.String),
        new("moderation", "moderation", MemberKind.Object),
        new("fallbacks", "fallbacks", MemberKind.Any),
    ];

    private static readonly (string Name, string Remedy)[] Stateful =
    [
        ("previous_response_id", "No responses are kept here; send the whole conversation as 'input', what came back as 'output' included."),
        ("conversation", "No conversations are kept here; send the whole conversation as 'input'."),
        ("prompt", "No prompt templates are kept here; send their text as 'instructions' and 'input'."),
    ];

    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
    [
        "model", "input", "instructions", "tools", "tool_choice", "top_logprobs", "reasoning", "text", "stream", "stream_options", "store",
        "background", "include", "truncation", "previous_response_id", "conversation", "prompt",
        "parallel_tool_calls", "max_output_tokens", "temperature", "top_p", "metadata", "user", "safety_identifier", "service_tier",
        "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention", "moderation", "fallbacks",
    ]);

    public static bool TryWrite(JsonElement root, RequestPass pass)
    {
        if (!TryRefuseState(root, pass))
            return false;
        if (!root.TryGetProperty("model", out var model) || model.ValueKind is not JsonValueKind.String)
            return pass.WrongType(new Place("model"), "a string", model);
        pass.Json.WriteStartObject();
        pass.Copy("model"u8, model);
        if (!TryWriteMessages(root, pass) || !TryWriteTools(root, out var hasTools, pass) || !TryWriteSame(root, hasTools, pass)
            || !OutputOptions.TryWrite(root, pass) || !DeliveryOptions.TryWrite(root, pass))
            return false;
        pass.Json.WriteEndObject();
        foreach (var member in root.EnumerateObject())
        {
            if (!Known.Contains(member.Name) && member.Value.ValueKind is not JsonValueKind.Null)
                pass.Drop(member.Name);
        }

        return true;
    }

    private static bool TryRefuseState(JsonElement root, RequestPass pass)
    {
        foreach (var (name, remedy) in Stateful)
        {
            if (RequestPass.TryMember(root, name, out _))
                return pass.Unsupported(new Place(name), remedy);
        }

        if (!RequestPass.TryMember(root, "background", out var background) || background.ValueKind is JsonValueKind.False)
            return true;
        return background.ValueKind is JsonValueKind.True
            ? pass.Unsupported(new Place("background"), "Nothing is kept here to be fetched later; leave it out and wait for the answer.")
            : pass.WrongType(new Place("background"), "a boolean", background);
    }

    private static bool TryWriteMessages(JsonElement root, RequestPass pass)
    {
        pass.Json.WriteStartArray("messages"u8);
        if (RequestPass.TryMember(root, "instructions", out var instructions))
        {
            if (instructions.ValueKind is not JsonValueKind.String)
                return pass.WrongType(new Place("instructions"), "a string", instructions);
            pass.Json.WriteStartObject();
            pass.Json.WriteString("role"u8, "system"u8);
            pass.Copy("content"u8, instructions);
            pass.Json.WriteEndObject();
        }

        if (!RequestPass.TryMember(root, "input", out var input))
            return pass.Missing(new Place("input"));
        if (!new InputItems(pass).TryWrite(input))
            return false;
        pass.Json.WriteEndArray();
        return true;
    }

    private static bool TryWriteTools(JsonElement root, out bool hasTools, RequestPass pass)
    {
        hasTools = false;
        if (RequestPass.TryMember(root, "tools", out var tools))
        {
            if (tools.ValueKind is not JsonValueKind.Array)
                return pass.WrongType(new Place("tools"), "an array", tools);
            hasTools = tools.GetArrayLength() > 0;
            if (hasTools && !ToolDefinitions.TryWrite(tools, pass))
                return false;
        }

        return !RequestPass.TryMember(root, "tool_choice", out var choice) || ToolChoice.TryWrite(choice, hasTools, pass);
    }

    private static bool TryWriteSame(JsonElement root, bool hasTools, RequestPass pass)
    {
        foreach (var member in Same)
        {
            if (!RequestPass.TryMember(root, member.Name, out var value))
                continue;
            if (!member.Takes(value))
                return pass.WrongType(new Place(member.Name), member.Expected, value);

            // A chat request must not speak of calls without tools, and without them it says nothing.
            if (!hasTools && member.Name == "parallel_tool_calls")
                continue;
            pass.Json.WritePropertyName(member.ChatName);
            pass.Copy(value);
        }

        return true;
    }
}
