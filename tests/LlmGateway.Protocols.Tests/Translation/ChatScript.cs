using System.Text.Json.Nodes;

namespace LlmGateway.Protocols.Tests.Translation;

/// <summary>One answer of a model, made up from a seed, as the chunks that stream it and as the whole that they come to.</summary>
internal sealed class ChatScript
{
    private static readonly string[] Words = ["a", "你好", "😀", "\n", "\"", "\\", " ", "\u0001", "é", "{", "}", "<b>"];
    private static readonly string[] Finishes = ["stop", "tool_calls", "length", "content_filter"];

    private readonly Random _random;
    private readonly List<JsonObject> _pieces = [];
    private readonly JsonObject _message = new() { ["role"] = "assistant", ["content"] = "" };
    private readonly string _finish;
    private readonly JsonObject? _usage;

    /// <param name="seed">Of everything.</param>
    /// <param name="inOrder">Thoughts, text, refusal, one call after another; else all of them in pieces that alternate.</param>
    public ChatScript(int seed, bool inOrder)
    {
        _random = new Random(seed);
        _finish = Finishes[_random.Next(Finishes.Length)];
        _usage = _random.Next(2) == 0 ? null : new JsonObject { ["prompt_tokens"] = _random.Next(99), ["completion_tokens"] = _random.Next(99) };
        List<Queue<JsonObject>> sources = [Say("reasoning_content"), Say("content"), Say("refusal"), .. Calls()];
        sources.RemoveAll(source => source.Count == 0);
        while (sources.Count > 0)
        {
            var source = sources[inOrder ? 0 : _random.Next(sources.Count)];
            _pieces.Add(source.Dequeue());
            sources.RemoveAll(one => one.Count == 0);
        }
    }

    public string Whole => Document("chat.completion", "message", _message, _finish, _usage).ToJsonString();

    /// <summary>The chunks, and <c>[DONE]</c>.</summary>
    public List<string> Stream()
    {
        List<string> chunks = [Chunk(new JsonObject { ["role"] = "assistant", ["content"] = "" }), .. _pieces.Select(Chunk), Document("chat.completion.chunk", "delta", [], _finish, null).ToJsonString()];
        if (_usage is not null)
            chunks.Add(new JsonObject { ["id"] = "chatcmpl-s", ["created"] = 5, ["model"] = "x", ["choices"] = new JsonArray(), ["usage"] = _usage.DeepClone() }.ToJsonString());
        return [.. chunks, "[DONE]"];
    }

    private static string Chunk(JsonObject delta) => Document("chat.completion.chunk", "delta", delta, null, null).ToJsonString();

    private static JsonObject Document(string name, string member, JsonObject message, string? finish, JsonObject? usage) => new()
    {
        ["id"] = "chatcmpl-s",
        ["object"] = name,
        ["created"] = 5,
        ["model"] = "x",
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, [member] = message.DeepClone(), ["finish_reason"] = finish }),
        ["usage"] = usage?.DeepClone(),
    };

    private Queue<JsonObject> Say(string member)
    {
        if (_random.Next(3) == 0)
            return [];
        var text = Text(_random.Next(12));
        _message[member] = text;
        return new Queue<JsonObject>(Cut(text).Select(piece => new JsonObject { [member] = piece }));
    }

    private IEnumerable<Queue<JsonObject>> Calls()
    {
        var calls = new JsonArray();
        for (var i = _random.Next(4); i > 0; i--)
            yield return Call(calls);
        if (calls.Count > 0)
            _message["tool_calls"] = calls;
    }

    private Queue<JsonObject> Call(JsonArray calls)
    {
        var index = calls.Count;
        var isCustom = _random.Next(4) == 0;
        var (kind, member) = isCustom ? ("custom", "input") : ("function", "arguments");
        var text = isCustom ? Text(6) : new JsonObject { ["a"] = Text(4), ["b"] = new JsonObject { ["c"] = _random.Next(99) } }.ToJsonString();
        calls.Add(new JsonObject { ["id"] = $"call_{index}", ["type"] = kind, [kind] = new JsonObject { ["name"] = $"f{index}", [member] = text } });
        var first = new JsonObject { ["index"] = index, ["id"] = $"call_{index}", ["type"] = kind, [kind] = new JsonObject { ["name"] = $"f{index}", [member] = "" } };
        var rest = Cut(text).Select(piece => new JsonObject { ["index"] = index, [kind] = new JsonObject { [member] = piece } });
        return new Queue<JsonObject>(rest.Prepend(first).Select(call => new JsonObject { ["tool_calls"] = new JsonArray(call) }));
    }

    private string Text(int words) => string.Concat(Enumerable.Range(0, words).Select(_ => Words[_random.Next(Words.Length)]));

    private List<string> Cut(string text)
    {
        List<string> pieces = [];
        for (var at = 0; at < text.Length;)
        {
            var end = Math.Min(text.Length, at + _random.Next(1, 6));
            if (end < text.Length && char.IsLowSurrogate(text[end]))
                end++;
            pieces.Add(text[at..end]);
            at = end;
        }

        return pieces;
    }
}
