using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlmGateway.Tests.Streaming;

/// <summary>What providers write, as text.</summary>
internal static class Wire
{
    public const string Done = "data: [DONE]\n\n";

    public static string Event(string json) => $"data: {json}\n\n";

    public static string Chunk(string delta, string id = "one", string finish = "null", string more = "") =>
        Event($$"""{"id":"{{id}}","object":"chat.completion.chunk","created":{{id.Length}},"model":"model-{{id}}","system_fingerprint":"fp-{{id}}","choices":[{"index":0,"delta":{{{delta}}},"logprobs":null,"finish_reason":{{finish}}}]{{more}}}""");

    public static string Role(string id = "one") => Chunk("\"role\":\"assistant\",\"content\":\"\"", id);

    public static string Content(string text, string id = "one", bool ascii = false) => Chunk($"\"content\":{String(text, ascii)}", id);

    public static string Reasoning(string text, string id = "one") => Chunk($"\"reasoning_content\":{String(text)}", id);

    public static string ToolStart(int index, string call, string name, string id = "one") =>
        Chunk($"\"content\":null,\"tool_calls\":[{{\"index\":{index},\"id\":\"{call}\",\"type\":\"function\",\"function\":{{\"name\":\"{name}\",\"arguments\":\"\"}}}}]", id);

    public static string ToolArguments(int index, string arguments, string id = "one") =>
        Chunk($"\"tool_calls\":[{{\"index\":{index},\"function\":{{\"arguments\":{String(arguments)}}}}}]", id);

    public static string Finish(string id = "one", string reason = "stop") => Chunk("", id, $"\"{reason}\"");

    public static string Usage(int prompt, int completion, string id = "one", string more = "") =>
        Event($$$"""{"id":"{{{id}}}","object":"chat.completion.chunk","created":1,"model":"model-{{{id}}}","choices":[],"usage":{"prompt_tokens":{{{prompt}}},"completion_tokens":{{{completion}}},"total_tokens":{{{prompt + completion}}}{{{more}}}}}""");

    /// <summary>A whole answer, in the pieces given.</summary>
    public static string Answer(IEnumerable<string> pieces, string id = "one", bool ascii = false, string usage = "") =>
        Role(id) + string.Concat(pieces.Select(piece => Content(piece, id, ascii))) + Finish(id) + usage + Done;

    public static string String(string text, bool ascii = false) =>
        $"\"{JsonEncodedText.Encode(text, ascii ? JavaScriptEncoder.Default : JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
