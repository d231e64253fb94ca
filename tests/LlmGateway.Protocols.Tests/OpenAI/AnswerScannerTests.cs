using System.Buffers;
using System.Text;
using LlmGateway.Protocols.OpenAI;
using LlmGateway.Protocols.Usage;

namespace LlmGateway.Protocols.Tests.OpenAI;

public sealed class AnswerScannerTests
{
    private const string Chat =
        """{"id":"chatcmpl-1","object":"chat.completion","created":1795000000,"model":"gpt-5.6-mini","choices":[{"index":0,"message":{"role":"assistant","content":"Hello\nthere","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"length"}],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12},"service_tier":"default"}""";

    [Theory]
    [InlineData("")]
    [InlineData("\n\n\r\n  ")]
    [InlineData("\uFEFF\n")]
    public void A_chat_answer_is_read_behind_any_blank_lines(string before)
    {
        var body = Encoding.UTF8.GetBytes(before + Chat + "\n");
        var text = new ArrayBufferWriter<byte>();
        AnswerScanner.Scan(body, out var facts, text: text);
        Assert.False(facts.IsMalformed || facts.HasError);
        Assert.Equal(new TokenUsage(9, 0, 0, 3, 0), facts.Usage);
        Assert.Equal(FinishReason.Length, facts.FinishReason);
        Assert.Equal("length", Encoding.UTF8.GetString(facts.FinishReasonValue.In(body)));
        Assert.Equal("gpt-5.6-mini", Encoding.UTF8.GetString(facts.Model.In(body)));
        Assert.Equal("Hello\nthere", Encoding.UTF8.GetString(text.WrittenSpan));
        var length = ChatChunkScanner.RemoveUsage(body, facts);
        Assert.DoesNotContain("usage", Encoding.UTF8.GetString(body, 0, length), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1,-0.2]}],"model":"e","usage":{"prompt_tokens":8,"total_tokens":8}}""", 8, 0)]
    [InlineData("""{"object":"text_completion","choices":[{"text":"x","finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""", 1, 2)]
    [InlineData("""{"object":"response","output":[{"type":"message"}],"error":null,"usage":{"input_tokens":4,"output_tokens":5,"total_tokens":9}}""", 4, 5)]
    public void Other_answers_tell_their_usage_too(string json, long input, long output)
    {
        var facts = Scan(json);
        Assert.False(facts.HasError || facts.IsMalformed);
        Assert.Equal(new TokenUsage(input, 0, 0, output, 0), facts.Usage);
    }

    [Theory]
    [InlineData("""{"error":{"code":502,"message":"Provider returned error"}}""")]
    [InlineData("""{"errors":{"message":"no provider supported","request_id":"r"}}""")]
    [InlineData("""{"error_code":"ModelArts.81101","error_msg":"x"}""")]
    [InlineData("""{"error_code":17,"error_msg":"Open api daily request limit reached"}""")]
    [InlineData("""{"code":11202,"message":"AppIdQpsOverFlow","sid":"cht"}""")]
    [InlineData("""{"code":"InvalidApiKey","message":"x","request_id":"r"}""")]
    [InlineData("""{"base_resp":{"status_code":1008,"status_msg":"insufficient balance"},"choices":null}""")]
    [InlineData("""{"choices":[{"error":{"message":"x"},"finish_reason":"error"}]}""")]
    [InlineData("""{"Response":{"Error":{"Code":"AuthFailure","Message":"x"},"RequestId":"r"}}""")]
    [InlineData("""{"object":"error","message":"x","type":"BadRequestError","code":400}""")]
    [InlineData("""[{"error":{"code":400,"message":"x","status":"INVALID_ARGUMENT"}}]""")]
    [InlineData("\"Invalid token\"")]
    [InlineData("upstream connect error")]
    [InlineData("<html><body>502</body></html>")]
    [InlineData("")]
    [InlineData("null")]
    public void A_failure_that_hides_in_a_200_is_seen(string body) => Assert.True(Scan(body).HasError);

    [Theory]
    [InlineData("""{"code":0,"message":"Success","sid":"s","choices":[{"message":{"content":"x"}}]}""")]
    [InlineData("""{"base_resp":{"status_code":0,"status_msg":""},"choices":[]}""")]
    [InlineData("""{"error_code":0,"error":null,"errors":[]}""")]
    [InlineData("""{"code":200,"message":"ok"}""")]
    [InlineData("""{"code":7,"choices":[]}""")]
    public void Success_in_a_strange_suit_is_no_failure(string body) => Assert.False(Scan(body).HasError);

    [Theory]
    [InlineData("[]")]
    [InlineData("[[0.1,0.2]]")]
    [InlineData("[{\"error\":")]
    [InlineData("{\"choices\":[")]
    public void A_broken_object_or_a_plain_array_is_malformed(string body)
    {
        var facts = Scan(body);
        Assert.True(facts.IsMalformed);
        Assert.False(facts.HasError);
    }

    [Fact]
    public void The_error_range_points_into_the_body()
    {
        var body = "\r\n [ {\"error\":{\"code\":400}}]";
        Assert.Equal("{\"code\":400}", Encoding.UTF8.GetString(Scan(body).Error.In(Encoding.UTF8.GetBytes(body))));
    }

    private static ChatChunkFacts Scan(string body)
    {
        AnswerScanner.Scan(Encoding.UTF8.GetBytes(body), out var facts);
        return facts;
    }
}
