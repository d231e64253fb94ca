using System.Text;
using System.Text.Json.Nodes;
using CsCheck;

namespace LlmGateway.Protocols.Tests.Translation.Messages;

/// <summary>
/// A random chat answer, as a stream and as a whole: reasoning, text and calls of tools in pieces, mixed as no provider should and some do.
/// </summary>
internal sealed record ChatStreams(IReadOnlyList<string> Events, string Whole)
{
    private static readonly string[] Words = ["", "a", "你好", "\n\n", "\"", "\\", "😀", "{", "data: x\n\nevent: y"];

    public static readonly Gen<ChatStreams> Any =
        Gen.Select(Gen.Int, Gen.Int[0, 3], Gen.Int[0, 14], Gen.OneOf("stop", "length", "tool_calls", "content_filter"), Gen.Bool, (seed, tools, pieces, finish, usage) =>
            Make(new Random(seed), tools, pieces, finish, usage));

    private static ChatStreams Make(Random random, int tools, int pieces, string finish, bool withUsage)
    {
        var arguments = Enumerable.Range(0, tools).Select(i => $"{{\"n\":{i},\"s\":\"}}\\\"{{好\",\"a\":[{random.Next()}]}}").ToArray();
        var left = arguments.Select(text => new Queue<string>(Cut(random, text))).ToArray();
        var begun = new bool[tools];
        StringBuilder text = new(), thinking = new();
        var deltas = new List<JsonObject> { new() { ["role"] = "assistant", ["content"] = "" } };
        for (var i = 0; i < pieces || left.Any(queue => queue.Count > 0); i++)
        {
            var word = Words[random.Next(Words.Length)];
            var kind = random.Next(tools == 0 ? 2 : 4);
            if (kind == 0 && i < pieces)
            {
                text.Append(word);
                deltas.Add(new JsonObject { ["content"] = word });
            }
            else if (kind == 1 && i < pieces)
            {
                thinking.Append(word);
                deltas.Add(new JsonObject { ["reasoning_content"] = word, ["content"] = null });
            }
            else if (tools > 0)
            {
                // In the order of their indexes they begin, then any of them goes on.
                var tool = random.Next(tools);
                tool = begun[tool] ? tool : Array.IndexOf(begun, false);
                deltas.Add(Fragment(tool, !begun[tool], left[tool].TryDequeue(out var piece) ? piece : ""));
                begun[tool] = true;
            }
        }

        var used = JsonNode.Parse("""{"prompt_tokens":30,"completion_tokens":12,"total_tokens":42,"prompt_tokens_details":{"cached_tokens":10,"cache_write_tokens":4},"completion_tokens_details":{"reasoning_tokens":2}}""");
        var events = deltas.Select(delta => Chunk(delta, null)).Append(Chunk([], finish)).ToList();
        if (withUsage)
            events.Add(new JsonObject { ["id"] = "chatcmpl-C1", ["model"] = "m", ["choices"] = new JsonArray(), ["usage"] = used!.DeepClone() }.ToJsonString());
        events.Add("[DONE]");
        return new ChatStreams(events, WholeOf(text.ToString(), thinking.ToString(), arguments, finish, withUsage ? used : null));
    }

    private static string WholeOf(string text, string thinking, string[] arguments, string finish, JsonNode? usage)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = text, ["reasoning_content"] = thinking };
        if (arguments.Length > 0)
            message["tool_calls"] = new JsonArray([.. arguments.Select((json, i) => Call(i, json))]);
        return new JsonObject
        {
            ["id"] = "chatcmpl-C1",
            ["model"] = "m",
            ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = finish }),
            ["usage"] = usage,
        }.ToJsonString();
    }

    private static JsonObject Call(int tool, string arguments) => new()
    {
        ["id"] = $"call.{tool}",
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = $"tool{tool}", ["arguments"] = arguments },
    };

    private static JsonObject Fragment(int tool, bool isFirst, string piece)
    {
        var call = isFirst ? Call(tool, piece) : new JsonObject { ["function"] = new JsonObject { ["arguments"] = piece } };
        call["index"] = tool;
        return new JsonObject { ["tool_calls"] = new JsonArray(call) };
    }

    private static string Chunk(JsonObject delta, string? finish) => new JsonObject
    {
        ["id"] = "chatcmpl-C1",
        ["model"] = "m",
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish }),
        ["usage"] = null,
    }.ToJsonString();

    private static IEnumerable<string> Cut(Random random, string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(random.Next(1, 12), text.Length - at);
            yield return text.Substring(at, length);
            at += length;
        }
    }
}
