namespace LlmGateway.Protocols.Tests.OpenAI.Answers;

public sealed class StreamedWriterTests
{
    private const string Usage = """{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}""";

    [Fact]
    public void A_short_answer_is_the_chunks_that_OpenAI_would_send()
    {
        var stream = Kept.Stream(Document("""{"role":"assistant","content":"Hi","refusal":null}"""), includeUsage: false);

        Assert.Equal(
            """
            data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":5,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"finish_reason":null}]}

            data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":5,"model":"m","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}

            data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":5,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

            data: [DONE]


            """.ReplaceLineEndings("\n"),
            stream);
    }

    [Fact]
    public void Usage_is_told_last_where_it_was_asked_for()
    {
        var chunks = Kept.Chunks(Kept.Stream(Document("""{"role":"assistant","content":"Hi"}""")));

        Assert.All(chunks[..^1], chunk => Assert.True(chunk.AsObject().ContainsKey("usage") && chunk["usage"] is null));
        Assert.Empty(chunks[^1]["choices"]!.AsArray());
        Kept.Same(Usage, chunks[^1]["usage"]!.ToJsonString());
    }

    [Fact]
    public void Usage_that_nobody_knows_is_not_told() =>
        Assert.DoesNotContain(
            "usage", Kept.Stream("""{"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"}]}"""), StringComparison.Ordinal);

    [Fact]
    public void A_long_answer_comes_in_pieces_after_the_train_of_thought()
    {
        var text = string.Concat(Enumerable.Repeat("模型😀 ", 300));
        var deltas = Kept.Chunks(Kept.Stream(Document($$"""{"role":"assistant","content":"{{text}}","reasoning_content":"hm"}"""), includeUsage: false))
            .Select(chunk => chunk["choices"]![0]!["delta"]!.AsObject()).ToArray();

        Assert.Equal("hm", deltas[1]["reasoning_content"]!.GetValue<string>());
        var pieces = deltas[2..^1].Select(delta => delta["content"]!.GetValue<string>()).ToArray();
        Assert.Equal(text, string.Concat(pieces));
        Assert.InRange(pieces.Length, 5, 12);
        Assert.Empty(deltas[^1]);
    }

    [Fact]
    public void A_call_is_named_first_and_argued_then()
    {
        var deltas = Kept.Chunks(Kept.Stream(
                Document("""{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"b","type":"function","function":{"name":"g","arguments":""}}]}"""),
                includeUsage: false))
            .Select(chunk => chunk["choices"]![0]!["delta"]!.ToJsonString()).ToArray();

        Assert.Equal(
            [
                """{"role":"assistant","content":null}""",
                """{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}""",
                """{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}""",
                """{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":""}}]}""",
                "{}",
            ],
            deltas);
    }

    [Fact]
    public void Each_choice_has_its_role_and_its_end()
    {
        var chunks = Kept.Chunks(Kept.Stream(
            """{"object":"chat.completion","citations":["u"],"choices":[{"index":0,"message":{"role":"assistant","content":"a"},"finish_reason":"stop"},{"index":1,"message":{"role":"assistant","content":"b"},"finish_reason":"length"}]}"""));

        Assert.Equal([0, 0, 0, 1, 1, 1], chunks.Select(chunk => chunk["choices"]![0]!["index"]!.GetValue<int>()));
        Assert.Equal([null, null, "stop", null, null, "length"], chunks.Select(chunk => chunk["choices"]![0]!["finish_reason"]?.GetValue<string>()));
        Assert.Equal([true, false, false, false, false, false], chunks.Select(chunk => chunk.AsObject().ContainsKey("citations")));
    }

    [Fact]
    public void Legacy_completions_are_streamed_as_text()
    {
        var chunks = Kept.Chunks(Kept.Stream("""{"object":"text_completion","model":"m","choices":[{"index":0,"text":"Hi","logprobs":null,"finish_reason":"stop"}]}"""));

        Assert.Equal(
            [
                """{"index":0,"text":"Hi","logprobs":null,"finish_reason":null}""",
                """{"index":0,"text":"","logprobs":null,"finish_reason":"stop"}""",
            ],
            chunks.Select(chunk => chunk["choices"]![0]!.ToJsonString()));
        Assert.All(chunks, chunk => Assert.Equal("text_completion", chunk["object"]!.GetValue<string>()));
    }

    [Fact]
    public void Probabilities_come_with_the_answer_once()
    {
        var logprobs = Kept.Chunks(Kept.Stream(
                """{"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"logprobs":{"content":[{"token":"Hi"}]},"finish_reason":"stop"}]}"""))
            .Select(chunk => chunk["choices"]![0]!["logprobs"]?.ToJsonString());

        Assert.Equal([null, """{"content":[{"token":"Hi"}]}""", null], logprobs);
    }

    private static string Document(string message) =>
        $$"""{"object":"chat.completion","created":5,"model":"m","choices":[{"index":0,"message":{{message}},"finish_reason":"stop"}],"usage":{{Usage}}}""";
}
