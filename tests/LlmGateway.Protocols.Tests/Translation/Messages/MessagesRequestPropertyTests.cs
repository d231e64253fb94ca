using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using LlmGateway.Protocols.Translation;

namespace LlmGateway.Protocols.Tests.Translation.Messages;

public sealed class MessagesRequestPropertyTests
{
    private const string Everything = """
        {"model":"m","max_tokens":100,"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],
         "messages":[
           {"role":"user","content":[{"type":"text","text":"看 \"x\""},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBO/w+="}}]},
           {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"S"},{"type":"text","text":"a"},
             {"type":"tool_use","id":"functions.w:0","name":"w","input":{"city":"Bern","days":[1,2.50,null,true]}},{"type":"tool_use","id":"b","name":"w","input":{}}]},
           {"role":"user","content":[{"type":"tool_result","tool_use_id":"b","is_error":true,"content":"no"},
             {"type":"tool_result","tool_use_id":"functions.w:0","content":[{"type":"text","text":"sun"},{"type":"image","source":{"type":"url","url":"https://x"}}]},
             {"type":"document","title":"T","source":{"type":"text","media_type":"text/plain","data":"d"}},{"type":"text","text":"go on"}]},
           {"role":"system","content":"be brief"},
           {"role":"assistant","content":"{"}],
         "tools":[{"name":"w","description":"d","input_schema":{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"array"}}},"cache_control":{"type":"ephemeral"}}],
         "tool_choice":{"type":"tool","name":"w","disable_parallel_tool_use":true},
         "stop_sequences":["a","\n"],"temperature":0.5,"top_p":1.0,"top_k":3,"stream":true,
         "thinking":{"type":"enabled","budget_tokens":2048,"display":"summarized"},
         "output_config":{"effort":"low","format":{"type":"json_schema","schema":{"type":"object","properties":{"a":{}},"required":["a"],"additionalProperties":false}}},
         "metadata":{"user_id":"u"},"service_tier":"standard_only","newer":{"a":[{}]}}
        """;

    private static readonly byte[] EverythingBytes = Encoding.UTF8.GetBytes(Everything);

    [Fact]
    public void Members_in_any_order_blanks_and_escapes_give_the_same_chat_request()
    {
        var expected = Comparable(Everything);
        Gen.Int.Sample(seed => Assert.Equal(expected, Comparable(new JsonScribe(seed).Write(JsonNode.Parse(Everything)))));
    }

    [Fact]
    public void Every_cut_is_a_fault()
    {
        for (var length = 0; length < EverythingBytes.Length; length++)
        {
            var cut = MessagesToChatTranslator.Translate(EverythingBytes.AsMemory(0, length));
            Assert.Equal("invalid_json", cut.Fault?.Code);
            Assert.True(cut.Body.IsEmpty);
        }
    }

    [Fact]
    public void Mutated_requests_are_chat_requests_or_faults_and_never_throw() =>
        Gen.Select(Gen.Int[0, EverythingBytes.Length - 1], Gen.Byte, Gen.Int[0, 3]).Array[1, 4].Sample(
            mutations => Survive(Mutated(mutations)), iter: 3000);

    [Fact]
    public void A_value_of_another_type_anywhere_is_a_chat_request_or_a_fault()
    {
        string[] others = ["null", "5", "\"text\"", "[]", "{}", "[[{\"type\":\"text\"}]]", "true", "1e400"];
        Gen.Select(Gen.Int[0, 200], Gen.OneOf(others)).Sample((at, other) =>
        {
            var request = JsonNode.Parse(Everything)!;
            var places = Places(request).ToList();
            places[at % places.Count](other);
            Survive(Encoding.UTF8.GetBytes(request.ToJsonString()));
        }, iter: 1000);
    }

    private static void Survive(byte[] body)
    {
        var translated = MessagesToChatTranslator.Translate(body);
        Assert.NotNull(translated.Answer);
        Assert.Equal(translated.Fault is null, !translated.Body.IsEmpty);
        if (translated.Fault is { } fault)
            Assert.NotEqual("", fault.Message);
        else
            JsonNode.Parse(translated.Body.Span);
    }

    private static byte[] Mutated((int At, byte Value, int Kind)[] mutations)
    {
        var bytes = EverythingBytes.ToList();
        foreach (var (at, value, kind) in mutations)
        {
            if (kind == 0)
                bytes.RemoveAt(at % bytes.Count);
            else if (kind == 1)
                bytes.Insert(at % bytes.Count, (byte)"{}[]\",:\\u0d8n "[value % 14]);
            else if (kind == 2)
                bytes[at % bytes.Count] = (byte)('!' + (value % 90));
            else
                bytes[at % bytes.Count] = value;
        }

        return [.. bytes];
    }

    private static IEnumerable<Action<string>> Places(JsonNode node)
    {
        if (node is JsonObject members)
        {
            foreach (var (name, value) in members.ToList())
            {
                yield return other => members[name] = JsonNode.Parse(other);
                foreach (var place in value is null ? [] : Places(value))
                    yield return place;
            }
        }
        else if (node is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++)
            {
                var index = i;
                yield return other => items[index] = JsonNode.Parse(other);
                foreach (var place in items[i] is { } item ? Places(item) : [])
                    yield return place;
            }
        }
    }

    // The order inside a tool's input and schema is the caller's own and stays; here it is none of the question.
    private static string Comparable(string json)
    {
        var translated = Requests.Translate(json);
        Assert.Null(translated.Fault);
        var chat = JsonNode.Parse(translated.Body.Span)!;
        foreach (var message in chat["messages"]!.AsArray())
        {
            foreach (var call in message!["tool_calls"]?.AsArray() ?? [])
                call!["function"]!["arguments"] = Sorted(JsonNode.Parse(call["function"]!["arguments"]!.GetValue<string>()));
        }

        chat["tools"] = Sorted(chat["tools"]);
        chat["response_format"] = Sorted(chat["response_format"]);
        return chat.ToJsonString() + string.Join(",", translated.Dropped.Order(StringComparer.Ordinal));
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
