using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using LlmGateway.Protocols.OpenAI.Answers;

namespace LlmGateway.Protocols.Tests.OpenAI.Answers;

/// <summary>A kept answer that is streamed and put together again is the same answer.</summary>
public sealed class RoundTripPropertyTests
{
    private static readonly Gen<string> Word = Gen.OneOf<string>("", "a", "Hello, ", "模型", "😀", "é", "\"", "\\", "\n", "\u0001", "data: [DONE]\n\n", "</s>");

    private static readonly Gen<string> Text = Gen.Select(Word.Array[0, 12], Gen.Int[1, 60], (words, times) => string.Concat(Enumerable.Repeat(string.Concat(words), times)));

    private static readonly Gen<JsonNode> Value = Gen.OneOf(
        Word.Select(text => (JsonNode)text),
        Gen.Int.Select(number => (JsonNode)number),
        Gen.OneOf<string>("true", "1.50", "{}", """{"a":[1,{"b":null}]}""", "[[1],2]", "[]").Select(json => JsonNode.Parse(json)!));

    private static readonly Gen<JsonObject> Call = Gen.Select(Gen.Int[0, 99], Text, Gen.Bool, (id, text, custom) => (JsonObject)JsonNode.Parse(custom
        ? $$$"""{"id":"c{{{id}}}","type":"custom","custom":{"name":"f","input":{{{Quote(text)}}}}}"""
        : $$$"""{"id":"c{{{id}}}","type":"function","function":{"name":"f","arguments":{{{Quote(text)}}}},"extra":{"x":1}}""")!);

    private static readonly Gen<string> Message =
        from content in Text.Null()
        from refusal in Text.Null()
        from reasoning in Text.Null()
        from calls in Call.Array[0, 3]
        from function in Text.Null()
        from annotations in Value.Array[1, 3].Null()
        from other in Value.Null()
        let members = new[]
        {
            "\"role\":\"assistant\"",
            $"\"content\":{(content is null ? "null" : Quote(content))}",
            refusal is null ? "\"refusal\":null" : $"\"refusal\":{Quote(refusal)}",
            reasoning is null ? null : $"\"reasoning_content\":{Quote(reasoning)}",
            calls.Length == 0 ? null : $"\"tool_calls\":[{string.Join(",", calls.DistinctBy(call => call["id"]!.ToString()).Select(call => call.ToJsonString()))}]",
            function is null ? null : $"\"function_call\":{{\"name\":\"f\",\"arguments\":{Quote(function)}}}",
            annotations is null ? null : $"\"annotations\":[{string.Join(",", annotations.Select(node => node.ToJsonString()))}]",
            other is null ? null : $"\"unknown\":{other.ToJsonString()}",
        }.Where(member => member is not null)
        select $"\"message\":{{{string.Join(",", members)}}}";

    private static readonly Gen<string> Choice = Gen.Select(
        Gen.OneOf<string>("", ",\"logprobs\":null", """,  "logprobs":{"content":[{"token":"a","top":[]},{"token":"b"}],"refusal":null}"""),
        Gen.OneOf<string>("\"stop\"", "\"length\"", "\"tool_calls\"", "null"),
        Gen.OneOf<string>("", ",\"stop_reason\":7", ",\"content_filter_results\":{\"hate\":{}}"),
        (logprobs, reason, more) => $"{logprobs},\"finish_reason\":{reason}{more}");

    private static readonly Gen<string> Top = Gen.OneOf<string>("", "\"created\":5,\"model\":\"m\",", "\"model\":\"模\",\"system_fingerprint\":\"fp\",\"citations\":[\"u\"],\"service_tier\":null,");

    private static readonly Gen<string> Usage = Gen.OneOf<string>("", ",\"usage\":{\"prompt_tokens\":1,\"x\":{\"y\":[2]}}");

    private static readonly Gen<string> Chat = Gen.Select(Top, Gen.Select(Message, Choice).Array[1, 3], Usage, (top, choices, usage) =>
        $"{{{top}\"choices\":[{string.Join(",", choices.Select((choice, i) => $"{{\"index\":{i},{choice.Item1}{choice.Item2}}}"))}]{usage}}}");

    private static readonly Gen<string> Completion = Gen.Select(Top, Gen.Select(Text, Choice).Array[1, 3], Usage, (top, choices, usage) =>
        $"{{{top}\"choices\":[{string.Join(",", choices.Select((choice, i) => $"{{\"index\":{i},\"text\":{Quote(choice.Item1)}{choice.Item2}}}"))}]{usage}}}");

    [Fact]
    public void Streamed_and_put_together_an_answer_is_what_it_was() =>
        Gen.Select(Gen.OneOf(Chat, Completion), Gen.Int[1, 700]).Sample(
            (body, size) =>
            {
                var document = Kept.Read(body, out var summary);
                var stream = Encoding.UTF8.GetBytes(Kept.Stream(document));
                var assembler = new StreamAssembler(1 << 20);
                for (var at = 0; at < stream.Length; at += size)
                    assembler.Add(stream.AsSpan(at, Math.Min(size, stream.Length - at)));

                Assert.True(assembler.TryComplete(out var again, out var summaryAgain));
                Kept.Same(document, Encoding.UTF8.GetString(again));
                Assert.Equal(summary, summaryAgain);
            },
            iter: 2_000);

    [Fact]
    public void Kept_again_an_answer_is_the_same_bytes() =>
        Gen.OneOf(Chat, Completion).Sample(
            body =>
            {
                var document = Kept.Read(body);
                Assert.Equal(document, Kept.Read(Kept.Whole(document)));
            },
            iter: 1_000);

    [Fact]
    public void Every_chunk_is_text_of_its_own() =>
        Chat.Sample(
            body =>
            {
                var stream = Kept.Stream(Kept.Read(body));
                Assert.DoesNotContain('\uFFFD', stream);
                Assert.All(Kept.Chunks(stream), chunk =>
                {
                    Assert.Equal("chatcmpl-1", chunk["id"]!.GetValue<string>());

                    // Throws at half of a surrogate pair.
                    foreach (var member in chunk["choices"]!.AsArray().SelectMany(choice => choice!["delta"]!.AsObject()))
                        _ = member.Value is JsonValue value && value.TryGetValue<string>(out _);
                });
            },
            iter: 500);

    private static string Quote(string text)
    {
        var json = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\' or < ' ' || rune.Value > 0xFFFF && json.Length % 3 == 0)
                json.Append(string.Concat(rune.ToString().Select(unit => $"\\u{(int)unit:x4}")));
            else
                json.Append(rune.ToString());
        }

        return json.Append('"').ToString();
    }
}
