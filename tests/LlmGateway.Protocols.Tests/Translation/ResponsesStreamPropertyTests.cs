using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using static LlmGateway.Protocols.Tests.Translation.ResponsesDriver;

namespace LlmGateway.Protocols.Tests.Translation;

public sealed class ResponsesStreamPropertyTests
{
    private static readonly string[] Requests = [Plain, """{"model":"m","input":"hi","reasoning":{"summary":"auto"}}"""];

    [Fact]
    public void An_answer_in_order_comes_to_the_same_response_streamed_or_whole() => Gen.Select(Gen.Int, Gen.OneOf(Requests)).Sample((seed, request) =>
    {
        var script = new ChatScript(seed, inOrder: true);
        var events = Stream(script.Stream(), request);
        Assert.True(ResponsesEventChecker.Check(events));
        Same(WholeText(script.Whole, request), events[^1]["response"]);
    });

    [Fact]
    public void An_answer_in_any_order_is_told_legally_and_loses_nothing() => Gen.Select(Gen.Int, Gen.OneOf(Requests)).Sample((seed, request) =>
    {
        var script = new ChatScript(seed, inOrder: false);
        var events = Stream(script.Stream(), request);
        Assert.True(ResponsesEventChecker.Check(events));
        var whole = Whole(script.Whole, request);
        Assert.Equal(Contents(whole), Contents((JsonObject)events[^1]["response"]!));
        Same(whole["usage"]?.ToJsonString() ?? "null", events[^1]["response"]!["usage"]);
        Same(whole["status"]!.ToJsonString(), events[^1]["response"]!["status"]);
    }, iter: 500);

    [Fact]
    public void Every_beginning_of_a_stream_is_legal_and_one_that_breaks_off_fails() => Gen.Int.Sample(seed =>
    {
        var chunks = new ChatScript(seed, inOrder: false).Stream();
        var cut = new Random(seed).Next(chunks.Count);
        Assert.False(ResponsesEventChecker.Check(Stream(chunks[..cut])));
        var events = Stream([.. chunks[..cut], """{"error":{"message":"gone","type":"server_error","param":null,"code":null}}"""]);
        Assert.True(ResponsesEventChecker.Check(events));
        Assert.Equal(cut == 0 ? "error" : "response.failed", Types(events)[^1]);
    });

    [Fact]
    public void Members_of_chunks_come_in_any_order() => Gen.Int.Sample(seed =>
    {
        var chunks = new ChatScript(seed, inOrder: false).Stream();
        var scribe = new JsonScribe(seed);
        var rewritten = chunks.Select(chunk => chunk == "[DONE]" ? chunk : scribe.Write(JsonNode.Parse(chunk)));
        Assert.Equal(StreamText(chunks), StreamText(rewritten));
    });

    [Fact]
    public void Bytes_of_any_kind_never_throw_and_leave_the_stream_legal() =>
        Gen.Select(Gen.Int, Gen.Select(Gen.Int[0, 10_000], Gen.Byte).Array[1, 6]).Sample((seed, mutations) =>
        {
            var answer = Translate(Plain).Answer;
            var output = new ArrayBufferWriter<byte>();
            foreach (var chunk in new ChatScript(seed, inOrder: false).Stream())
            {
                var bytes = Encoding.UTF8.GetBytes(chunk);
                foreach (var (at, value) in mutations)
                {
                    if (at < bytes.Length)
                        bytes[at] = value;
                }

                answer.WriteEvent(bytes, output);
                answer.TryWriteWhole(bytes, new ArrayBufferWriter<byte>());
            }

            ResponsesEventChecker.Check(Parse(Encoding.UTF8.GetString(output.WrittenSpan)));
        }, iter: 2000);

    /// <summary>All that was said, by kind, and all calls by id.</summary>
    private static string Contents(JsonObject response)
    {
        var said = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in response["output"]!.AsArray())
        {
            if (item!["call_id"] is { } id)
                said[(string)id!] = $"{item["name"]} {item["arguments"]} {item["input"]}";
            foreach (var part in (item["content"]?.AsArray() ?? []).Concat(item["summary"]?.AsArray() ?? []))
            {
                var kind = (string)part!["type"]!;
                said[kind] = said.GetValueOrDefault(kind) + (string)(part["text"] ?? part["refusal"])!;
            }
        }

        return string.Join("\n", said.Where(one => one.Value.Length > 0));
    }
}
