using System.Text;
using LlmGateway.Protocols.OpenAI;
using LlmGateway.Protocols.OpenAI.Answers;

namespace LlmGateway.Protocols.Tests.OpenAI.Answers;

public sealed class WholeAnswerTests
{
    [Fact]
    public void An_answer_is_kept_without_what_is_of_one_exchange_only()
    {
        var document = Kept.Read("""


            {
              "id": "chatcmpl-9", "object": "chat.completion", "created": 5, "model": "m", "obfuscation": "xx", "error": null,
              "choices": [ { "index": 0, "message": { "content": "Hi\n\u00e9 \"you\"", "role": "assistant", "refusal": null, "annotations": [ ] },
                             "logprobs": null, "finish_reason": "stop" } ],
              "usage": { "prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3, "more": { "cached": [ 1 , 2 ] } },
              "system_fingerprint": "fp"
            }
            """, out var summary);

        Assert.Equal(
            """
            {"object":"chat.completion","created":5,"model":"m","system_fingerprint":"fp","choices":[{"index":0,"message":{"role":"assistant","content":"Hi\n\u00e9 \"you\"","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"more":{"cached":[1,2]}}}
            """,
            document);
        Assert.Equal((1, true, false, false, true), (summary.Choices, summary.AllEnded, summary.HasToolCalls, summary.HasRefusal, summary.HasUsage));
        Assert.True(summary.EndedBy(FinishReason.Stop));
        Assert.False(summary.EndedBy(FinishReason.Length));
        Assert.Equal(@"Hi\n\u00e9 \""you\""".Length, summary.TextBytes);
    }

    [Fact]
    public void Written_whole_it_has_an_id_again() =>
        Assert.StartsWith(
            "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",", Kept.Whole(Kept.Read(Answer("\"content\":\"x\""))), StringComparison.Ordinal);

    [Fact]
    public void Choices_are_put_in_order_and_summed_up()
    {
        var document = Kept.Read("""
            {"choices":[{"index":1,"message":{"content":null,"refusal":"No."},"finish_reason":"content_filter"},
                        {"index":0,"message":{"content":"abc"},"finish_reason":"length"}]}
            """, out var summary);

        Assert.StartsWith("{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,", document, StringComparison.Ordinal);
        Assert.Equal((2, true, true, false, 3), (summary.Choices, summary.AllEnded, summary.HasRefusal, summary.HasUsage, summary.TextBytes));
        Assert.True(summary.EndedBy(FinishReason.Length) && summary.EndedBy(FinishReason.ContentFilter) && !summary.EndedBy(FinishReason.Stop));
    }

    [Theory]
    [InlineData("eos", "stop")]
    [InlineData("model_length", "length")]
    [InlineData("never_heard_of", "stop")]
    public void Foreign_finish_reasons_become_known_ones(string foreign, string known) =>
        Assert.Contains($"\"finish_reason\":\"{known}\"", Kept.Read(Answer("\"content\":\"x\"", foreign)), StringComparison.Ordinal);

    [Fact]
    public void A_choice_without_an_end_is_told()
    {
        Kept.Read("""{"choices":[{"message":{"content":"x"},"finish_reason":null}]}""", out var summary);

        Assert.False(summary.AllEnded);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("{\"choices\":[")]
    [InlineData("{\"choices\":[]}")]
    [InlineData("{\"object\":\"list\",\"data\":[]}")]
    [InlineData("{\"error\":{\"message\":\"no\"}}")]
    [InlineData("""{"choices":[{"message":{"content":"x"},"finish_reason":"error"}]}""")]
    [InlineData("""{"choices":[{"index":1,"message":{"content":"x"},"finish_reason":"stop"}]}""")]
    [InlineData("""{"choices":[{"message":{"content":"x"},"text":"x","finish_reason":"stop"}]}""")]
    [InlineData("""{"choices":[{"message":{"content":[{"type":"thinking"}]},"finish_reason":"stop"}]}""")]
    [InlineData("""{"choices":[{"message":{"content":null,"audio":{"id":"a"}},"finish_reason":"stop"}]}""")]
    [InlineData("""{"choices":[{"message":{"tool_calls":{"id":"a"}},"finish_reason":"stop"}]}""")]
    [InlineData("""{"choices":[{"message":{"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]},"finish_reason":"stop"}]}""")]
    [InlineData("""{"choices":[{"message":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":{}}}]},"finish_reason":"stop"}]}""")]
    public void What_cannot_be_kept_is_not(string body) => Assert.False(WholeAnswer.TryRead(Encoding.UTF8.GetBytes(body), out _, out _));

    [Fact]
    public void Bytes_that_are_no_text_are_not_kept()
    {
        var body = Encoding.Latin1.GetBytes(Answer("\"content\":\"\u00e9\""));

        Assert.False(WholeAnswer.TryRead(body, out _, out _));
    }

    [Fact]
    public void Unsafe_content_is_told()
    {
        Kept.Read("""{"choices":[{"message":{"content":"x"},"flag":1,"finish_reason":"stop"}]}""", out var summary);

        Assert.True(summary.IsFlagged);
    }

    private static string Answer(string message, string reason = "stop") => $$$"""{"choices":[{"index":0,"message":{{{{message}}}},"finish_reason":"{{{reason}}}"}]}""";
}
