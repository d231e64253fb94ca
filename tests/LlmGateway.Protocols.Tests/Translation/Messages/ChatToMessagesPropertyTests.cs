using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using LlmGateway.Protocols.Translation;

namespace LlmGateway.Protocols.Tests.Translation.Messages;

public sealed class ChatToMessagesPropertyTests
{
    [Fact]
    public void Any_stream_is_legal_and_says_what_the_whole_answer_says() => ChatStreams.Any.Sample(answer =>
    {
        var streamed = MessagesEvents.Read(Answers.Stream(answer.Events));
        var whole = Answers.Whole(answer.Whole);
        Assert.True(streamed.IsStopped);
        Assert.Equal(Texts(whole, "text"), streamed.Text);
        Assert.Equal(Texts(whole, "thinking"), streamed.Thinking);
        Assert.Equal(Tools(whole), streamed.Tools.Select(Parsed));
        Assert.Equal(whole["stop_reason"]!.GetValue<string>(), streamed.StopReason);
        AssertUsage(whole["usage"]!.AsObject(), JsonNode.Parse(streamed.Usage!)!.AsObject());
    }, iter: 2000);

    [Fact]
    public void Every_prefix_of_a_stream_is_legal_and_its_continuation_only_adds() => ChatStreams.Any.Sample(answer =>
    {
        var before = "";
        for (var length = 0; length <= answer.Events.Count; length++)
        {
            var stream = Answers.Stream(answer.Events.Take(length));
            Assert.StartsWith(before, stream, StringComparison.Ordinal);
            Assert.Equal(length == answer.Events.Count, MessagesEvents.Read(stream).HasEnded);
            before = stream;
        }
    }, iter: 200);

    [Fact]
    public void An_error_at_any_place_is_the_last_event() => Gen.Select(ChatStreams.Any, Gen.Int[0, 30]).Sample((answer, at) =>
    {
        var events = answer.Events.SkipLast(1).ToList();
        events.Insert(at % (events.Count + 1), """{"error":{"message":"m","type":"server_error","param":null,"code":null},"choices":null}""");
        var read = MessagesEvents.Read(Answers.Stream([.. events, "[DONE]"]));
        Assert.Equal("api_error", read.Error);
        Assert.Equal("error", read.Names[^1]);
    }, iter: 500);

    [Fact]
    public void Mutated_answers_never_throw_and_stay_legal() =>
        Gen.Select(ChatStreams.Any, Gen.Select(Gen.Int[0, 4000], Gen.Byte).Array[1, 5]).Sample((answer, mutations) =>
        {
            var translator = new ChatToMessagesTranslator();
            var output = new ArrayBufferWriter<byte>();
            var events = answer.Events.Select(Encoding.UTF8.GetBytes).ToList();
            foreach (var (at, value) in mutations)
                events[at % events.Count][at % events[at % events.Count].Length] = value;
            foreach (var data in events)
                translator.WriteEvent(data, output);
            MessagesEvents.Read(Encoding.UTF8.GetString(output.WrittenSpan));

            var whole = Encoding.UTF8.GetBytes(answer.Whole);
            foreach (var (at, value) in mutations)
                whole[at % whole.Length] = value;
            var message = new ArrayBufferWriter<byte>();
            if (new ChatToMessagesTranslator().TryWriteWhole(whole, message))
                JsonNode.Parse(message.WrittenSpan);
            else
                Assert.Equal(0, message.WrittenCount);
        }, iter: 2000);

    private static string Texts(JsonObject message, string type) => string.Concat(
        message["content"]!.AsArray().Where(block => block!["type"]!.GetValue<string>() == type).Select(block => block![type]!.GetValue<string>()));

    private static IEnumerable<string> Tools(JsonObject message) => message["content"]!.AsArray()
        .Where(block => block!["type"]!.GetValue<string>() is "tool_use")
        .Select(block => $"{block!["id"]} {block["name"]} {block["input"]!.ToJsonString()}");

    private static string Parsed(string tool)
    {
        var parts = tool.Split(' ', 3);
        return $"{parts[0]} {parts[1]} {JsonNode.Parse(parts[2])!.ToJsonString()}";
    }

    // A whole answer must have numbers where a stream may say that it does not know.
    private static void AssertUsage(JsonObject whole, JsonObject streamed)
    {
        foreach (var (name, count) in streamed)
            Assert.Equal(whole[name]?.ToJsonString(), count?.ToJsonString() ?? "0");
    }
}
