using System.Runtime.InteropServices;
using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>
/// One assistant message as it gathers from items: its thoughts, its text, and its calls, which a chat request holds in one message and which
/// the tools' messages must follow at once.
/// </summary>
internal sealed class AssistantTurn
{
    private readonly List<JsonElement> _thoughts = [];
    private readonly List<JsonElement> _texts = [];
    private readonly List<JsonElement> _calls = [];
    private bool _isMessage;


    /// <summary>Thoughts and messages begin a new turn, unless calls wait for what their tools gave: nothing may come between.</summary>
    public bool IsWhole => _isMessage && _calls.Count == 0;

    public void AddThought(JsonElement text) => _thoughts.Add(text);

    public void BeginMessage() => _isMessage = true;

    public void AddText(JsonElement text) => _texts.Add(text);

    /// <summary>Adds an item <c>function_call</c> or <c>custom_tool_call</c> that has been looked through.</summary>
    public void AddCall(JsonElement item) => _calls.Add(item);

    /// <summary>Writes the message, where there is one, and begins anew. Thoughts that led to nothing have no message to stand in.</summary>
    public void Flush(RequestPass pass)
    {
        if (_isMessage || _calls.Count > 0)
            Write(pass);
        _thoughts.Clear();
        _texts.Clear();
        _calls.Clear();
        _isMessage = false;
    }

    private void Write(RequestPass pass)
    {
        var json = pass.Json;
        json.WriteStartObject();
        json.WriteString("role"u8, "assistant"u8);
        WriteContent(pass);
        if (_thoughts.Count > 0)
        {
            json.WritePropertyName("reasoning_content"u8);
            json.WriteRawValue(Joined(), skipInputValidation: true);
        }

        if (_calls.Count > 0)
        {
            json.WriteStartArray("tool_calls"u8);
            foreach (var call in _calls)
                WriteCall(call, pass);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private void WriteContent(RequestPass pass)
    {
        var json = pass.Json;
        json.WritePropertyName("content"u8);
        if (_texts.Count == 0 && _calls.Count > 0)
            json.WriteNullValue();
        else if (_texts.Count == 0)
            json.WriteStringValue(""u8);
        else if (_texts.Count == 1)
            pass.Copy(_texts[0]);
        else
            WriteParts(pass);
    }

    private void WriteParts(RequestPass pass)
    {
        pass.Json.WriteStartArray();
        foreach (var text in _texts)
        {
            pass.Json.WriteStartObject();
            pass.Json.WriteString("type"u8, "text"u8);
            pass.Copy("text"u8, text);
            pass.Json.WriteEndObject();
        }

        pass.Json.WriteEndArray();
    }

    private static void WriteCall(JsonElement call, RequestPass pass)
    {
        var isCustom = call.GetProperty("type"u8).ValueEquals("custom_tool_call"u8);
        pass.Json.WriteStartObject();
        pass.Copy("id"u8, call.GetProperty("call_id"u8));
        pass.Json.WriteString("type"u8, isCustom ? "custom"u8 : "function"u8);
        pass.Json.WriteStartObject(isCustom ? "custom"u8 : "function"u8);
        pass.Copy("name"u8, call.GetProperty("name"u8));
        if (isCustom)
            pass.Copy("input"u8, call.GetProperty("input"u8));
        else
            pass.Copy("arguments"u8, call.GetProperty("arguments"u8));
        pass.Json.WriteEndObject();
        pass.Json.WriteEndObject();
    }

    // The spelling of each is clean, so what stands between the quotes can be joined as it is.
    private byte[] Joined()
    {
        var output = new List<byte> { (byte)'"' };
        for (var i = 0; i < _thoughts.Count; i++)
        {
            output.AddRange(i == 0 ? ""u8 : "\\n\\n"u8);
            output.AddRange(JsonMarshal.GetRawUtf8Value(_thoughts[i])[1..^1]);
        }

        output.Add((byte)'"');
        return [.. output];
    }
}
