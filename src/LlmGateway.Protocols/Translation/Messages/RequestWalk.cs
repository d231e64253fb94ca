using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Writes the chat request, its members always in the same order.</summary>
internal static class RequestWalk
{
    private static readonly string[] Members =
    [
        "model", "messages", "system", "max_tokens", "stop_sequences", "temperature", "top_p", "stream", "tools", "tool_choice", "thinking",
        "output_config", "output_format", "metadata", "service_tier", "inference_geo", "mcp_servers", "fallbacks",
    ];

    private static readonly string[] OutputMembers = ["effort", "format"];
    private static readonly string[] MetadataMembers = ["user_id"];

    /// <param name="state">The request.</param>
    /// <param name="body">Its root.</param>
    /// <param name="stops">Gets the stop sequences.</param>
    public static bool TryWrite(TranslationState state, RequestNode body, List<string> stops)
    {
        if (!body.IsObject)
            return state.Fail(RequestFaults.NotAnObject(body));
        if (DuplicateMembers.Find(body) is { } twice)
            return state.Fail(RequestFaults.Duplicate(twice));
        if (!state.TryText(body.Member("model"), out var model))
            return false;
        var writer = state.Writer;
        writer.WriteStartObject();
        writer.WriteString("model"u8, model);
        if (!MessageList.TryWrite(state, body.Member("system"), body.Member("messages"))
            || !TryWriteBound(state, body.Member("max_tokens"))
            || !TryWriteStops(state, body.Member("stop_sequences"), stops)
            || !TryWriteNumber(state, body.Member("temperature"), "temperature")
            || !TryWriteNumber(state, body.Member("top_p"), "top_p")
            || !TryWriteStream(state, body.Member("stream"))
            || !ToolList.TryWrite(state, body.Member("tools"), body.Member("tool_choice"))
            || !TryWriteOutput(state, body)
            || !TryWriteUser(state, body.Member("metadata"))
            || !TryWriteTier(state, body.Member("service_tier"))
            || !TryRefusePromises(state, body))
        {
            return false;
        }

        TakeOurs(state, body.Member("fallbacks"));
        state.DropOthers(body, Members);
        writer.WriteEndObject();
        return true;
    }

    private static bool TryWriteBound(TranslationState state, RequestNode bound)
    {
        if (!bound.Exists)
            return state.Missing(bound.Place);

        // 10.0 is what a program sends that computes with floats.
        if (bound.Kind is not JsonValueKind.Number || !bound.Element.TryGetDecimal(out var tokens) || !decimal.IsInteger(tokens))
            return state.WrongType(bound, "an integer");
        if (tokens is < 1 or > int.MaxValue)
        {
            return state.Invalid(
                bound, tokens == 0 ? "0, to warm a cache, has no form in the chat dialect; ask for at least 1" : $"it must be from 1 to {int.MaxValue}");
        }

        state.Writer.WriteNumber("max_tokens"u8, (int)tokens);
        return true;
    }

    private static bool TryWriteStops(TranslationState state, RequestNode sequences, List<string> stops)
    {
        if (!state.TryItems(sequences, out var count))
            return false;
        if (count == 0)
            return true;
        var index = 0;
        state.Writer.WriteStartArray("stop"u8);
        foreach (var item in sequences.Element.EnumerateArray())
        {
            if (!state.TryText(new RequestNode(item, sequences.Place.Item(index++)), out var stop))
                return false;
            stops.Add(stop);
            state.Writer.WriteStringValue(stop);
        }

        state.Writer.WriteEndArray();
        return true;
    }

    private static bool TryWriteNumber(TranslationState state, RequestNode number, string name)
    {
        if (!number.Exists)
            return true;
        if (number.Kind is not JsonValueKind.Number)
            return state.WrongType(number, "a number");
        state.Writer.WritePropertyName(name);
        number.Element.WriteTo(state.Writer);
        return true;
    }

    private static bool TryWriteStream(TranslationState state, RequestNode stream)
    {
        if (!state.TryFlag(stream, out var streams))
            return false;
        if (!streams)
            return true;
        var writer = state.Writer;
        writer.WriteBoolean("stream"u8, true);

        // Messages tells the usage of every stream.
        writer.WriteStartObject("stream_options"u8);
        writer.WriteBoolean("include_usage"u8, true);
        writer.WriteEndObject();
        return true;
    }

    private static bool TryWriteOutput(TranslationState state, RequestNode body)
    {
        var output = body.Member("output_config");
        if (output.Exists && !state.TryObject(output))
            return false;
        if (output.Exists)
            state.DropOthers(output, OutputMembers);

        // Under its own name while it was a beta.
        var format = output.Member("format");
        return ThinkingEffort.TryWrite(state, body.Member("thinking"), output.Member("effort"))
            && OutputFormat.TryWrite(state, format.Exists ? format : body.Member("output_format"));
    }

    private static bool TryWriteUser(TranslationState state, RequestNode metadata)
    {
        if (!metadata.Exists)
            return true;
        if (!state.TryObject(metadata) || !state.TryOptionalText(metadata.Member("user_id"), out var user))
            return false;
        state.DropOthers(metadata, MetadataMembers);
        if (user is not null)
            state.Writer.WriteString("user"u8, user);
        return true;
    }

    private static bool TryWriteTier(TranslationState state, RequestNode tier)
    {
        if (!state.TryOptionalText(tier, out var name))
            return false;
        if (name is null)
            return true;
        if (name is not ("auto" or "standard_only"))
            return state.Invalid(tier, "it must be auto or standard_only");
        state.Writer.WriteString("service_tier"u8, name is "auto" ? "auto"u8 : "default"u8);
        return true;
    }

    // To leave these out would break what the caller counts on: where the data stays, and that servers are asked.
    private static bool TryRefusePromises(TranslationState state, RequestNode body)
    {
        var geo = body.Member("inference_geo");
        if (geo.Exists && !geo.Is("global"))
            return state.Unsupported(geo.Place, "where the model runs is decided by the route; ask for one with that promise");
        var servers = body.Member("mcp_servers");
        if (!state.TryItems(servers, out var count))
            return false;
        return count == 0 || state.Unsupported(servers.Place, "MCP servers are asked by Anthropic itself; ask them yourself and offer their tools");
    }

    // A member of the gateway, not of any dialect; it is checked with the chat request.
    private static void TakeOurs(TranslationState state, RequestNode fallbacks)
    {
        if (!fallbacks.Exists)
            return;
        state.Writer.WritePropertyName("fallbacks"u8);
        fallbacks.Element.WriteTo(state.Writer);
    }
}
