using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using LlmGateway.Protocols.Translation;

namespace LlmGateway.Protocols.Tests.Translation;

/// <summary>Drives the translators of the Responses API by strings.</summary>
internal static class ResponsesDriver
{
    public const string Plain = """{"model":"m","input":"hi"}""";

    public static TranslatedRequest Translate(string request) => ResponsesToChatTranslator.Translate(Encoding.UTF8.GetBytes(request));

    public static JsonObject Chat(string request)
    {
        var translated = Translate(request);
        Assert.True(translated.Fault is null, translated.Fault?.ToString());
        return (JsonObject)JsonNode.Parse(translated.Body.Span)!;
    }

    /// <summary>The chat request of a plain request with further members.</summary>
    public static JsonObject ChatWith(string members) => Chat($$"""{"model":"m","input":"hi",{{members}}}""");

    public static TranslationFault Fault(string request)
    {
        var translated = Translate(request);
        Assert.NotNull(translated.Fault);
        Assert.True(translated.Body.IsEmpty);
        return translated.Fault;
    }

    public static string WholeText(string completion, string request = Plain)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(Translate(request).Answer.TryWriteWhole(Encoding.UTF8.GetBytes(completion), output));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static JsonObject Whole(string completion, string request = Plain) => (JsonObject)JsonNode.Parse(WholeText(completion, request))!;

    /// <summary>What the events come to, as they go over the wire.</summary>
    public static string StreamText(IEnumerable<string> events, string request = Plain)
    {
        var answer = Translate(request).Answer;
        var output = new ArrayBufferWriter<byte>();
        foreach (var data in events)
            answer.WriteEvent(Encoding.UTF8.GetBytes(data), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static List<JsonObject> Stream(IEnumerable<string> events, string request = Plain) => Parse(StreamText(events, request));

    /// <summary>Takes frames apart, each of which must name its type twice.</summary>
    public static List<JsonObject> Parse(string text)
    {
        var events = new List<JsonObject>();
        Assert.True(text.Length == 0 || text.EndsWith("\n\n", StringComparison.Ordinal), text);
        foreach (var frame in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = frame.Split('\n');
            Assert.Equal(2, lines.Length);
            Assert.StartsWith("event: ", lines[0], StringComparison.Ordinal);
            Assert.StartsWith("data: ", lines[1], StringComparison.Ordinal);
            var data = (JsonObject)JsonNode.Parse(lines[1]["data: ".Length..])!;
            Assert.Equal(lines[0]["event: ".Length..], data["type"]!.GetValue<string>());
            events.Add(data);
        }

        return events;
    }

    public static string Chunk(string delta, string finish = "null", string more = "") =>
        $$"""{"id":"chatcmpl-7","object":"chat.completion.chunk","created":1795000000,"model":"gpt-x","choices":[{"index":0,"delta":{{delta}},"finish_reason":{{finish}}{{more}}}]}""";

    public static string Completion(string message, string finish = "\"stop\"", string more = "") =>
        $$$$"""{"id":"chatcmpl-7","object":"chat.completion","created":1795000000,"model":"gpt-x","choices":[{"index":0,"message":{{{{message}}}},"finish_reason":{{{{finish}}}}{{{{more}}}}}],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13,"prompt_tokens_details":{"cached_tokens":2},"completion_tokens_details":{"reasoning_tokens":1}}}""";

    public static void Same(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}\nbut got {actual?.ToJsonString()}");

    public static string[] Types(IEnumerable<JsonObject> events) => [.. events.Select(told => told["type"]!.GetValue<string>())];
}
