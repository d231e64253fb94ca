using System.Text;
using LlmGateway.Protocols.OpenAI;
using LlmGateway.Protocols.OpenAI.Answers;

namespace LlmGateway.Protocols.Tests.OpenAI.Answers;

/// <summary>What providers send, and what becomes of it; the sources are in the notes on each vendor.</summary>
public sealed class StreamAssemblerTests
{
    private const string Finish = "\"finish_reason\":\"stop\"";

    [Fact]
    public void OpenAIs_stream_becomes_the_whole_answer()
    {
        var document = Kept.Assemble(
            Kept.Events(
                Kept.Choice("""{"role":"assistant","content":"","refusal":null}""", "\"logprobs\":null,\"finish_reason\":null"),
                Kept.Choice("""{"content":"Hel"}"""),
                Kept.Choice("""{"content":"lo"}"""),
                Kept.Choice("{}", Finish),
                """{"id":"c","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":3,"extra":{"a":1}}}"""),
            out var summary);

        Kept.Same(
            """
            {"object":"chat.completion","created":1,"model":"m","usage":{"prompt_tokens":3,"extra":{"a":1}},"choices":[
              {"index":0,"message":{"role":"assistant","content":"Hello","refusal":null},"logprobs":null,"finish_reason":"stop"}]}
            """,
            document);
        Assert.Equal(new AnswerSummary { Choices = 1, AllEnded = true, FinishReasons = 2, HasUsage = true, TextBytes = 5 }, summary);
    }

    [Fact]
    public void It_does_not_matter_where_the_bytes_are_cut()
    {
        var stream = Encoding.UTF8.GetBytes(
            ": keep-alive\r\n\r\n" + Kept.Events(Kept.Choice("""{"role":"assistant","content":"é😀"}"""), Kept.Choice("""{"content":"模\ud83d"}"""), Kept.Choice("""{"content":"\ude00"}""", Finish))
                .Replace("\n\n", "\r\n\r\n", StringComparison.Ordinal));
        var expected = Cut(stream, stream.Length, stream.Length);

        for (var first = 0; first <= stream.Length; first++)
        {
            Assert.Equal(expected, Cut(stream, first, Math.Min(stream.Length, first + 7)));
        }

        var assembler = new StreamAssembler(4096);
        foreach (var one in stream)
            assembler.Add([one]);
        Assert.True(assembler.TryComplete(out var document, out _));
        Assert.Equal(expected, Encoding.UTF8.GetString(document));
        Assert.Contains("é😀模\\ud83d\\ude00", expected, StringComparison.Ordinal);
    }

    [Fact]
    public void DeepSeek_thinks_first_and_tells_usage_with_the_end()
    {
        var document = Kept.Assemble(
            ": keep-alive\n\n" + Kept.Events(
                Kept.Choice("""{"role":"assistant","content":null,"reasoning_content":""}"""),
                Kept.Choice("""{"content":null,"reasoning_content":"Let me "}"""),
                Kept.Choice("""{"content":null,"reasoning_content":"think."}"""),
                Kept.Choice("""{"content":"42","reasoning_content":null}"""),
                """{"id":"c","created":1,"model":"m","choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop"}],"usage":{"completion_tokens":9}}"""),
            out var summary);

        Kept.Same(
            """
            {"object":"chat.completion","created":1,"model":"m","usage":{"completion_tokens":9},"choices":[
              {"index":0,"message":{"role":"assistant","content":"42","reasoning_content":"Let me think."},"finish_reason":"stop"}]}
            """,
            document);
        Assert.Equal((true, 2), (summary.HasUsage, summary.TextBytes));
    }

    [Fact]
    public void Azure_begins_with_a_chunk_of_no_model()
    {
        var document = Kept.Assemble(Kept.Events(
            """{"id":"","model":"","created":0,"object":"","choices":[],"prompt_filter_results":[{"prompt_index":0}]}""",
            Kept.Choice("""{"content":"x"}""", Finish)));

        Assert.Contains("\"model\":\"m\"", document, StringComparison.Ordinal);
        Assert.Contains("\"created\":1,", document, StringComparison.Ordinal);
        Assert.Contains("\"role\":\"assistant\"", document, StringComparison.Ordinal);
    }

    [Fact]
    public void Kimis_usage_stands_in_the_choice_and_is_not_counted_twice()
    {
        var inChoice = Kept.Choice("{}", Finish + ",\"usage\":{\"total_tokens\":7}");

        var once = Kept.Assemble(Kept.Events(Kept.Choice("""{"content":"x"}"""), inChoice));
        var twice = Kept.Assemble(Kept.Events(
            Kept.Choice("""{"content":"x"}"""), inChoice, """{"choices":[],"usage":{"total_tokens":8}}"""));

        Assert.EndsWith("\"usage\":{\"total_tokens\":7}}", once, StringComparison.Ordinal);
        Assert.EndsWith("\"usage\":{\"total_tokens\":8}}", twice, StringComparison.Ordinal);
        Assert.Single(twice.Split("\"usage\"")[1..]);
    }

    [Fact]
    public void Calls_of_tools_are_joined_by_index()
    {
        var document = Kept.Assemble(
            Kept.Events(
                Kept.Choice("""{"role":"assistant","content":null}"""),
                Kept.Choice("""{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}"""),
                Kept.Choice("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":"}}]}"""),
                Kept.Choice("""{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]}"""),
                Kept.Choice("""{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}"""),
                Kept.Choice("{}", "\"finish_reason\":\"tool_calls\"")),
            out var summary);

        Assert.Contains(
            """
            "tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},{"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]
            """,
            document,
            StringComparison.Ordinal);
        Assert.True(summary.HasToolCalls);
    }

    [Theory]
    [InlineData("""{"index":0,"id":"","type":null,"function":{"name":"","arguments":"2"}}""")] // Qwen
    [InlineData("""{"index":0,"id":"a","function":{"name":null,"arguments":"2"}}""")]
    [InlineData("""{"index":0,"id":"a","function":{"name":"f","arguments":"2"}}""")]
    [InlineData("""{"id":"a","function":{"arguments":"2"}}""")]
    [InlineData("""{"function":{"arguments":"2"}}""")]
    public void A_call_goes_on_in_many_ways(string piece) =>
        Assert.Contains(
            """[{"id":"a","type":"function","function":{"name":"f","arguments":"12"}}]""",
            Kept.Assemble(Kept.Events(
                Kept.Choice("""{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"1"}}]}"""),
                Kept.Choice($$"""{"tool_calls":[{{piece}}]}"""),
                Kept.Choice("""{"tool_calls":[]}""", Finish))),
            StringComparison.Ordinal);

    [Fact]
    public void Gemini_calls_everything_index_0()
    {
        var document = Kept.Assemble(Kept.Events(Kept.Choice(
            """{"tool_calls":[{"index":0,"id":"a","extra_content":{"s":"1"},"function":{"name":"f","arguments":"{}"}},{"index":0,"id":"b","function":{"name":"f","arguments":"[]"}}]}""",
            Finish)));

        Assert.Contains("""
            "arguments":"{}"},"extra_content":{"s":"1"}},{"id":"b","type":"function","function":{"name":"f","arguments":"[]"}}]
            """, document, StringComparison.Ordinal);
    }

    [Fact]
    public void A_legacy_function_call_is_joined() =>
        Assert.Contains(
            """
            "function_call":{"name":"f","arguments":"{}"}
            """,
            Kept.Assemble(Kept.Events(
                Kept.Choice("""{"function_call":{"name":"f","arguments":"{"}}"""),
                Kept.Choice("""{"function_call":{"arguments":"}"}}""", "\"finish_reason\":\"function_call\""))),
            StringComparison.Ordinal);

    [Fact]
    public void Lists_are_joined_and_the_rest_is_kept()
    {
        var document = Kept.Assemble(Kept.Events(
            Kept.Choice("""{"content":"a","annotations":[{"n":1}],"more":"x","flags":{"a":1}}""", """
                "logprobs":{"content":[{"token":"a"}],"refusal":null},"finish_reason":null
                """.Trim()),
            Kept.Choice("""{"content":"b","annotations":[{"n":2}],"more":"y","flags":{"a":2}}""", """
                "logprobs":{"content":[{"token":"b"}],"refusal":null},"finish_reason":"stop","stop_reason":7
                """.Trim())));

        Kept.Same(
            """
            {"object":"chat.completion","created":1,"model":"m","choices":[{"index":0,
              "message":{"role":"assistant","content":"ab","annotations":[{"n":1},{"n":2}],"more":"xy","flags":{"a":2}},
              "logprobs":{"content":[{"token":"a"},{"token":"b"}],"refusal":null},"finish_reason":"stop","stop_reason":7}]}
            """,
            document);
    }

    [Fact]
    public void Choices_may_come_interleaved()
    {
        var document = Kept.Assemble(Kept.Events(
            """{"choices":[{"index":1,"delta":{"content":"b"}},{"index":0,"delta":{"content":"a"}}]}""",
            """{"choices":[{"index":0,"delta":{"content":"A"},"finish_reason":"stop"}]}""",
            """{"choices":[{"index":1,"delta":{"content":"B"},"finish_reason":"length"}]}"""));

        Assert.Contains("\"aA\"", document, StringComparison.Ordinal);
        Assert.True(document.IndexOf("\"aA\"", StringComparison.Ordinal) < document.IndexOf("\"bB\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Legacy_completions_are_joined() =>
        Kept.Same(
            """
            {"object":"text_completion","model":"m","choices":[{"index":0,"text":"ab","logprobs":{"tokens":["a","b"],"text_offset":[0,1]},"finish_reason":"length"}]}
            """,
            Kept.Assemble(Kept.Events(
                """{"object":"text_completion","model":"m","choices":[{"index":0,"text":"a","logprobs":{"tokens":["a"],"text_offset":[0]},"finish_reason":null}]}""",
                """{"object":"text_completion","model":"m","choices":[{"index":0,"text":"b","logprobs":{"tokens":["b"],"text_offset":[1]},"finish_reason":"length"}]}""")));

    [Fact]
    public void A_stream_that_does_not_say_that_it_is_done_is_not_kept()
    {
        var done = Kept.Events(Kept.Choice("""{"content":"x"}""", Finish));

        Assert.True(Kept.CanAssemble(done));
        Assert.True(Kept.CanAssemble(done.TrimEnd()));
        Assert.False(Kept.CanAssemble(done.Replace("data: [DONE]\n\n", "", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("data: {\"error\":{\"message\":\"x\"}}\n\n")]
    [InlineData("event: error\ndata: {\"code\":\"x\"}\n\n")]
    [InlineData("data: {broken\n\n")]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":[{\"type\":\"thinking\"}]}}]}\n\n")]
    [InlineData("data: {\"choices\":[{\"delta\":{\"audio\":{\"data\":\"AAAA\"}}}]}\n\n")]
    [InlineData("data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]}}]}\n\n")]
    [InlineData("data: {\"choices\":[{\"delta\":{\"x\":[1]}},{\"index\":0,\"delta\":{\"x\":\"s\"}}]}\n\n")]
    public void What_cannot_be_put_together_is_given_up(string bad)
    {
        var good = Kept.Events(Kept.Choice("""{"content":"x"}""", Finish));

        Assert.True(Kept.CanAssemble(": comment\n\ndata:\n\n" + good));
        Assert.False(Kept.CanAssemble(bad + good));
    }

    [Fact]
    public void Chunks_that_are_framed_and_scanned_already_do_as_well()
    {
        string[] chunks = [Kept.Choice("""{"content":"a"}"""), Kept.Choice("""{"content":"b"}""", Finish)];
        var assembler = new StreamAssembler(4096);
        foreach (var chunk in chunks)
        {
            var bytes = Encoding.UTF8.GetBytes(chunk);
            ChatChunkScanner.Scan(bytes, out var facts);
            assembler.AddChunk(bytes, facts);
        }

        assembler.AddDone();
        Assert.True(assembler.TryComplete(out var document, out _));
        Assert.Equal(Kept.Assemble(Kept.Events(chunks)), Encoding.UTF8.GetString(document));
    }

    [Theory]
    [InlineData("{\"error\":{\"message\":\"x\"}}")]
    [InlineData("{")]
    public void A_scanned_chunk_that_tells_of_a_failure_is_the_end_of_it(string chunk)
    {
        var assembler = new StreamAssembler(4096);
        var bytes = Encoding.UTF8.GetBytes(chunk);
        ChatChunkScanner.Scan(bytes, out var facts);
        assembler.AddChunk(bytes, facts);
        assembler.AddDone();

        Assert.True(assembler.HasGivenUp);
        Assert.False(assembler.TryComplete(out _, out _));
    }

    [Fact]
    public void An_answer_that_is_too_long_is_given_up_at_once()
    {
        var assembler = new StreamAssembler(2000);
        var chunk = Encoding.UTF8.GetBytes($"data: {Kept.Choice($$"""{"content":"{{new string('x', 900)}}"}""")}\n\n");
        assembler.Add(chunk);
        Assert.False(assembler.HasGivenUp);
        assembler.Add(chunk);
        assembler.Add(chunk);

        Assert.True(assembler.HasGivenUp);
        Assert.False(assembler.TryComplete(out _, out _));
    }

    [Fact]
    public void An_event_without_end_is_given_up()
    {
        var assembler = new StreamAssembler(2000);
        for (var i = 0; i < 3; i++)
            assembler.Add(new byte[900]);

        Assert.True(assembler.HasGivenUp);
    }

    [Fact]
    public void Only_a_given_number_of_members_is_held()
    {
        var delta = "{" + string.Join(",", Enumerable.Range(0, 100).Select(i => $"\"{i}\":null")) + "}";

        Assert.False(Kept.CanAssemble(Kept.Events(Kept.Choice(delta, Finish)), limit: 4096));
    }

    private static string Cut(byte[] stream, int first, int second)
    {
        var assembler = new StreamAssembler(4096);
        assembler.Add(stream.AsSpan(0, first));
        assembler.Add(stream.AsSpan(first, second - first));
        assembler.Add(stream.AsSpan(second));
        Assert.True(assembler.TryComplete(out var document, out _));
        return Encoding.UTF8.GetString(document);
    }
}
