using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>How the answer is delivered and kept: streamed, with what besides. Nothing is kept here.</summary>
internal static class DeliveryOptions
{
    private const string LogprobsName = "message.output_text.logprobs";

    public static bool TryWrite(JsonElement root, RequestPass pass)
    {
        if (RequestPass.TryMember(root, "stream", out var stream))
        {
            if (stream.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                return pass.WrongType(new Place("stream"), "a boolean", stream);
            pass.Copy("stream"u8, stream);

            // The last event tells the usage, whoever asked.
            if (stream.ValueKind is JsonValueKind.True)
            {
                pass.Json.WriteStartObject("stream_options"u8);
                pass.Json.WriteBoolean("include_usage"u8, true);
                pass.Json.WriteEndObject();
            }
        }

        return TryDropStreamOptions(root, pass) && TryDropInclude(root, pass) && TryDropStore(root, pass) && TryDropTruncation(root, pass);
    }

    /// <summary>Whether the odds of tokens are asked for by name.</summary>
    public static bool AsksLogprobs(JsonElement root)
    {
        if (!RequestPass.TryMember(root, "include", out var include) || include.ValueKind is not JsonValueKind.Array)
            return false;
        foreach (var name in include.EnumerateArray())
        {
            if (name.ValueKind is JsonValueKind.String && name.ValueEquals(LogprobsName))
                return true;
        }

        return false;
    }

    // No padding is ever sent.
    private static bool TryDropStreamOptions(JsonElement root, RequestPass pass)
    {
        var place = new Place("stream_options");
        if (!RequestPass.TryMember(root, "stream_options", out var options))
            return true;
        if (options.ValueKind is not JsonValueKind.Object)
            return pass.WrongType(place, "an object", options);
        foreach (var member in options.EnumerateObject())
        {
            if (member.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False))
                pass.Drop(place.At(member.Name).ToString());
        }

        return true;
    }

    private static bool TryDropInclude(JsonElement root, RequestPass pass)
    {
        var place = new Place("include");
        if (!RequestPass.TryMember(root, "include", out var include))
            return true;
        if (include.ValueKind is not JsonValueKind.Array)
            return pass.WrongType(place, "an array", include);
        var index = 0;
        foreach (var name in include.EnumerateArray())
        {
            if (name.ValueKind is not JsonValueKind.String)
                return pass.WrongType(place.Item(index), "a string", name);
            index++;
            if (!name.ValueEquals(LogprobsName))
                pass.Drop(place.At(RequestPass.Shown(name)).ToString());
        }

        return true;
    }

    /// <summary>It is true unless the caller says otherwise, so only who says so is told that nothing is stored.</summary>
    private static bool TryDropStore(JsonElement root, RequestPass pass)
    {
        if (!RequestPass.TryMember(root, "store", out var store))
            return true;
        if (store.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            return pass.WrongType(new Place("store"), "a boolean", store);
        if (store.ValueKind is JsonValueKind.True)
            pass.Drop("store");
        return true;
    }

    /// <summary>What does not fit fails in a chat request, as it does by default here.</summary>
    private static bool TryDropTruncation(JsonElement root, RequestPass pass)
    {
        if (!RequestPass.TryMember(root, "truncation", out var truncation))
            return true;
        if (truncation.ValueKind is not JsonValueKind.String)
            return pass.WrongType(new Place("truncation"), "a string", truncation);
        if (!truncation.ValueEquals("disabled"u8))
            pass.Drop("truncation");
        return true;
    }
}
