using System.Collections.Frozen;
using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>
/// What the model is told: a text, or items in their order. What one turn of the assistant wrote as several items (thoughts, text, calls)
/// becomes one message again, as chat providers want it.
/// </summary>
internal sealed class InputItems(RequestPass pass)
{
    private static readonly FrozenSet<string> Members = FrozenSet.ToFrozenSet(
    [
        "type", "id", "status", "phase", "role", "content", "call_id", "name", "arguments", "input", "output", "caller", "summary",
        "encrypted_content",
    ]);

    private readonly AssistantTurn _turn = new();

    /// <summary>Writes the messages of <c>input</c>, which is there.</summary>
    public bool TryWrite(JsonElement input)
    {
        var place = new Place("input");
        if (input.ValueKind is JsonValueKind.String)
        {
            pass.Json.WriteStartObject();
            pass.Json.WriteString("role"u8, "user"u8);
            pass.Copy("content"u8, input);
            pass.Json.WriteEndObject();
            return true;
        }

        if (input.ValueKind is not JsonValueKind.Array)
            return pass.WrongType(place, "a string or an array", input);
        if (input.GetArrayLength() == 0)
            return pass.Invalid(place, "it is empty; give the model at least one item");
        var index = 0;
        foreach (var item in input.EnumerateArray())
        {
            if (!TryWriteItem(item, place.Item(index++)))
                return false;
        }

        _turn.Flush(pass);
        return true;
    }

    private bool TryWriteItem(JsonElement item, Place place)
    {
        if (item.ValueKind is not JsonValueKind.Object)
            return pass.WrongType(place, "an object", item);
        foreach (var member in item.EnumerateObject())
        {
            if (!Members.Contains(member.Name) && member.Value.ValueKind is not JsonValueKind.Null)
                pass.Drop(place.At(member.Name).ToString());
        }

        if (!RequestPass.TryMember(item, "type", out var type) && RequestPass.TryMember(item, "role", out _))
            return TryWriteMessage(item, place);
        if (type.ValueKind is not JsonValueKind.String)
            return pass.WrongType(place.At("type"), "a string", type);
        if (type.ValueEquals("message"u8))
            return TryWriteMessage(item, place);
        if (type.ValueEquals("function_call"u8))
            return TryAddCall(item, "arguments", place);
        if (type.ValueEquals("custom_tool_call"u8))
            return TryAddCall(item, "input", place);
        if (type.ValueEquals("function_call_output"u8) || type.ValueEquals("custom_tool_call_output"u8))
            return TryWriteOutput(item, place);
        if (type.ValueEquals("reasoning"u8))
            return TryAddThoughts(item, place);
        return pass.Unsupported(
            place.At("type"),
            type.ValueEquals("item_reference"u8)
                ? "Nothing is stored here; send the item itself in place of a reference to it."
                : $"Items of type '{RequestPass.Shown(type)}' are not served here; leave the item out, or say what it told as a message.");
    }

    private bool TryWriteMessage(JsonElement item, Place place)
    {
        if (!pass.TryText(item, "role", place, out var role))
            return false;
        var content = item.TryGetProperty("content", out var given) ? given : default;
        if (role.ValueEquals("assistant"u8))
            return TryAddMessage(content, place.At("content"));

        // OpenAI takes 'system' for 'developer'; most others know no such role.
        var isUser = role.ValueEquals("user"u8);
        if (!isUser && !role.ValueEquals("system"u8) && !role.ValueEquals("developer"u8))
            return pass.Invalid(place.At("role"), "it must be 'user', 'assistant', 'system' or 'developer'");
        _turn.Flush(pass);
        pass.Json.WriteStartObject();
        pass.Json.WriteString("role"u8, isUser ? "user"u8 : "system"u8);
        pass.Json.WritePropertyName("content"u8);
        if (!InputContent.TryWrite(content, takesMedia: isUser, place.At("content"), pass))
            return false;
        pass.Json.WriteEndObject();
        return true;
    }

    private bool TryAddMessage(JsonElement content, Place place)
    {
        if (_turn.IsWhole)
            _turn.Flush(pass);
        _turn.BeginMessage();
        if (content.ValueKind is JsonValueKind.String)
        {
            _turn.AddText(content);
            return true;
        }

        if (content.ValueKind is not JsonValueKind.Array)
            return pass.WrongType(place, "a string or an array", content);
        var index = 0;
        foreach (var part in content.EnumerateArray())
        {
            if (!InputContent.TryText(part, place.Item(index++), pass, out var text))
                return false;
            _turn.AddText(text);
        }

        return true;
    }

    private bool TryAddCall(JsonElement item, string what, Place place)
    {
        if (!pass.TryText(item, "call_id", place, out _) || !pass.TryText(item, "name", place, out _) || !pass.TryText(item, what, place, out _))
            return false;
        _turn.AddCall(item);
        return true;
    }

    private bool TryWriteOutput(JsonElement item, Place place)
    {
        if (!pass.TryText(item, "call_id", place, out var id))
            return false;
        _turn.Flush(pass);
        pass.Json.WriteStartObject();
        pass.Json.WriteString("role"u8, "tool"u8);
        pass.Copy("tool_call_id"u8, id);
        pass.Json.WritePropertyName("content"u8);
        var output = item.TryGetProperty("output", out var given) ? given : default;
        if (!InputContent.TryWrite(output, takesMedia: false, place.At("output"), pass))
            return false;
        pass.Json.WriteEndObject();
        return true;
    }

    /// <summary>What can be read of it; what is encrypted is for the provider that wrote it alone.</summary>
    private bool TryAddThoughts(JsonElement item, Place place)
    {
        if (_turn.IsWhole)
            _turn.Flush(pass);
        var name = RequestPass.TryMember(item, "content", out var parts) && parts.ValueKind is JsonValueKind.Array && parts.GetArrayLength() > 0
            ? "content"
            : "summary";
        if (!RequestPass.TryMember(item, name, out parts))
            return true;
        if (parts.ValueKind is not JsonValueKind.Array)
            return pass.WrongType(place.At(name), "an array", parts);
        var index = 0;
        foreach (var part in parts.EnumerateArray())
        {
            var at = place.At(name).Item(index++);
            if (part.ValueKind is not JsonValueKind.Object)
                return pass.WrongType(at, "an object", part);
            if (!pass.TryText(part, "text", at, out var text))
                return false;
            if (!text.ValueEquals(""u8))
                _turn.AddThought(text);
        }

        return true;
    }
}
