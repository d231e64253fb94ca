using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using LlmGateway.Protocols.Translation;
using static LlmGateway.Protocols.Tests.Translation.ResponsesDriver;

namespace LlmGateway.Protocols.Tests.Translation;

public sealed class ResponsesRequestPropertyTests
{
    private const string Rich =
        """
        {"model":"m","instructions":"be 简短","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"what is \"this\"?\n😀"},{"type":"input_image","image_url":"https://x/y.png","detail":"auto"}]},
        {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"hm"}]},{"type":"message","id":"msg_1","status":"completed","role":"assistant","content":[{"type":"output_text","text":"wait","annotations":[]}]},
        {"type":"function_call","id":"fc_1","call_id":"c1","name":"look","arguments":"{\"a\":1}"},{"type":"function_call_output","call_id":"c1","output":[{"type":"input_text","text":"a cat"}]},{"role":"developer","content":"go on"}],
        "tools":[{"type":"function","name":"look","parameters":{"type":"object","properties":{"a":{"type":"integer"}}},"strict":true},{"type":"custom","name":"say"}],"tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"look"}]},
        "parallel_tool_calls":false,"max_output_tokens":99,"temperature":0.25,"top_p":1.0,"top_logprobs":2,"reasoning":{"effort":"low","summary":"auto"},"text":{"verbosity":"low","format":{"type":"json_schema","name":"n","schema":{"type":"object","required":["a"]}}},
        "metadata":{"k":"v"},"user":"u","service_tier":"auto","prompt_cache_key":"p","stream":true,"store":true,"include":["reasoning.encrypted_content"],"unknown":[1,{"x":null}]}
        """;

    // Values that are copied keep their order, as that of a schema is the order in which a model fills it.
    [Fact]
    public void Any_order_of_members_blanks_and_escapes_gives_the_same_chat_request() => Gen.Int.Sample(seed =>
    {
        var rewritten = Chat(new JsonScribe(seed).Write(JsonNode.Parse(Rich)));
        Same(Chat(Rich).ToJsonString(), rewritten);
        Assert.Equal(Chat(Rich).Select(member => member.Key), rewritten.Select(member => member.Key));
        Assert.Equal(Chat(Rich)["messages"]!.ToJsonString(), rewritten["messages"]!.ToJsonString());
    });

    [Fact]
    public void The_chat_request_is_json_without_a_member_twice()
    {
        using var document = System.Text.Json.JsonDocument.Parse(Translate(Rich).Body, new() { AllowDuplicateProperties = false });
        Assert.Equal("model", document.RootElement.EnumerateObject().First().Name);
        Assert.Equal(["store", "include.reasoning.encrypted_content", "unknown"], Translate(Rich).Dropped.OrderBy(name => name == "unknown").ThenByDescending(name => name));
    }

    [Fact]
    public void Json_that_is_cut_anywhere_is_a_fault()
    {
        var bytes = Encoding.UTF8.GetBytes(Rich.Trim());
        for (var length = 0; length < bytes.Length; length++)
        {
            var translated = ResponsesToChatTranslator.Translate(bytes.AsMemory(0, length));
            Assert.Equal("invalid_json", translated.Fault?.Code);
            Assert.True(translated.Body.IsEmpty);
        }
    }

    [Fact]
    public void Bytes_of_any_kind_are_a_fault_or_a_chat_request_and_never_throw() =>
        Gen.Select(Gen.Int[0, 2000], Gen.Byte).Array[1, 4].Sample(mutations =>
        {
            var bytes = Encoding.UTF8.GetBytes(Rich);
            foreach (var (at, value) in mutations)
                bytes[at % bytes.Length] = value;
            var translated = ResponsesToChatTranslator.Translate(bytes);
            if (translated.Fault is null)
                Assert.NotNull(JsonNode.Parse(translated.Body.Span));
            else
                Assert.NotEmpty(translated.Fault.Message);
        }, iter: 5000);

    [Fact]
    public void Values_of_any_kind_in_any_place_are_a_fault_or_a_chat_request_and_never_throw() => Gen.Int.Sample(seed =>
    {
        var random = new Random(seed);
        var request = JsonNode.Parse(Rich)!;
        var places = Places(request).ToList();
        var place = places[random.Next(places.Count)];
        JsonNode?[] values = [null, 7, "x", true, new JsonArray(), new JsonObject(), new JsonArray(1), new JsonObject { ["type"] = "text" }];
        place.ReplaceWith(values[random.Next(values.Length)]);
        var translated = Translate(request.ToJsonString());
        if (translated.Fault is null)
            Assert.NotNull(JsonNode.Parse(translated.Body.Span));
        else
            Assert.NotNull(translated.Fault.Param);
    }, iter: 3000);

    private static IEnumerable<JsonNode> Places(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Places(member.Value).Concat(member.Value is { } value ? [value] : [])),
        JsonArray items => items.SelectMany(item => Places(item).Concat(item is null ? [] : [item])),
        _ => [],
    };
}
