using System.Text;
using CsCheck;
using LlmGateway.Protocols.Errors;

namespace LlmGateway.Protocols.Tests.Errors;

public sealed class UpstreamErrorReaderTests
{
    [Theory]
    // OpenAI, Azure
    [InlineData("""{"error":{"message":"m","type":"t","param":"p","code":"c"}}""", "m", "t", "p", "c")]
    [InlineData("""{"error":{"message":"m","type":"invalid_request_error","param":null,"code":null}}""", "m", "invalid_request_error", null, null)]
    [InlineData("""{"error":{"code":"DeploymentNotFound","message":"m"}}""", "m", null, null, "DeploymentNotFound")]
    [InlineData("""{"error":{"message":"m","type":null,"param":"prompt","code":"content_filter","status":400}}""", "m", null, "prompt", "content_filter")]
    [InlineData("""{"type":"error","code":"server_is_overloaded","message":"m","param":null}""", "m", null, null, "server_is_overloaded")]
    [InlineData("""{"type":"response.failed","response":{"id":"r","error":{"code":"server_error","message":"m"}}}""", "m", null, null, "server_error")]
    [InlineData("""{"timestamp":1,"status":404,"error":"Not Found","path":"/v1"}""", "Not Found", null, null, null)]
    // Mistral, vLLM, SGLang: flat, older and newer
    [InlineData("""{"object":"error","message":"m","type":"rate_limited","param":null,"code":"1300","raw_status_code":429}""", "m", "rate_limited", null, "1300")]
    [InlineData("""{"object":"error","message":"m","type":"BadRequestError","param":null,"code":400}""", "m", "BadRequestError", null, "400")]
    [InlineData("""{"error":{"message":"m","type":"BadRequestError","param":"max_tokens","code":400}}""", "m", "BadRequestError", "max_tokens", "400")]
    [InlineData("""{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","seed"],"msg":"Extra inputs are not permitted","input":1}]},"type":"invalid_request_error","param":null,"code":null}""", "body.seed: Extra inputs are not permitted", "invalid_request_error", null, null)]
    [InlineData("""{"object":"Error","detail":[{"msg":"a"},{"msg":"b"}],"message":[{"msg":"a"},{"msg":"b"}],"code":3001}""", "a; b", null, null, "3001")]
    [InlineData("""{"message":"Requests rate limit exceeded"}""", "Requests rate limit exceeded", null, null, null)]
    // Zhipu, ModelScope, Huawei
    [InlineData("""{"error":{"code":"1113","message":"m"}}""", "m", null, null, "1113")]
    [InlineData("""{"errors":{"message":"m","request_id":"r"}}""", "m", null, null, null)]
    [InlineData("""{"error_code":"ModelArts.81101","error_msg":"m"}""", "m", null, null, "ModelArts.81101")]
    // Anthropic
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"m"},"request_id":"r"}""", "m", "overloaded_error", null, null)]
    // Gemini, object and array
    [InlineData("""{"error":{"code":400,"message":"m","status":"INVALID_ARGUMENT","details":[]}}""", "m", "INVALID_ARGUMENT", null, "400")]
    [InlineData("""[{"error":{"code":400,"message":"m","status":"INVALID_ARGUMENT"}}]""", "m", "INVALID_ARGUMENT", null, "400")]
    // SiliconFlow
    [InlineData("""{"code":20012,"message":"m","data":null}""", "m", null, null, "20012")]
    [InlineData("\"Invalid token\"", "Invalid token", null, null, null)]
    // Qianfan, Spark, Ark, Qwen native
    [InlineData("""{"error":{"code":"tokens_too_long","message":"m","type":"invalid_request_error"},"id":"as-1"}""", "m", "invalid_request_error", null, "tokens_too_long")]
    [InlineData("""{"code":11202,"message":"m","sid":"cht"}""", "m", null, null, "11202")]
    [InlineData("""{"error":{"message":"m","type":"api_error","param":null,"code":"11200"}}""", "m", "api_error", null, "11200")]
    [InlineData("""{"error":{"code":"AccountOverdueError","message":"m Request id: 02","param":"","type":"Forbidden"}}""", "m Request id: 02", "Forbidden", "", "AccountOverdueError")]
    [InlineData("""{"code":"Throttling.RateQuota","message":"m","request_id":"r"}""", "m", null, null, "Throttling.RateQuota")]
    // Hunyuan native, MiniMax
    [InlineData("""{"Response":{"Error":{"Code":"AuthFailure.SecretIdNotFound","Message":"m"},"RequestId":"r"}}""", "m", null, null, "AuthFailure.SecretIdNotFound")]
    [InlineData("""{"base_resp":{"status_code":1008,"status_msg":"m"}}""", "m", null, null, "1008")]
    // OpenRouter
    [InlineData("""{"error":{"code":502,"message":"m","metadata":{"provider_name":"X"}},"user_id":"u"}""", "m", null, null, "502")]
    [InlineData("""{"choices":[{"finish_reason":"error","error":{"code":502,"message":"m"}}]}""", "m", null, null, "502")]
    // others
    [InlineData("""{"error":"model not loaded"}""", "model not loaded", null, null, null)]
    [InlineData("""{"error":["boom"]}""", "boom", null, null, null)]
    [InlineData("""{"detail":"Unauthorized"}""", "Unauthorized", null, null, null)]
    [InlineData("""{"detail":[{"loc":["body","model"],"msg":"field required","type":"value_error.missing"}]}""", "body.model: field required", null, null, null)]
    [InlineData("""{"a":1}""", "", null, null, null)]
    [InlineData("", "", null, null, null)]
    [InlineData(" \n", "", null, null, null)]
    [InlineData("no healthy upstream\n", "no healthy upstream", null, null, null)]
    [InlineData("<html><head><title>502 Bad Gateway</title></head></html>", "502 Bad Gateway", null, null, null)]
    [InlineData("<!doctype html><p>x", "an HTML page", null, null, null)]
    [InlineData("""{"error":{"message":"cut of""", """{"error":{"message":"cut of""", null, null, null)]
    public void Every_shape_is_brought_into_four_texts(string body, string message, string? type, string? param, string? code)
    {
        var error = Read(body);
        Assert.Equal((message, type, param, code), (error.Message, error.Type, error.Param, error.Code));
    }

    [Theory]
    [InlineData("ThrottlingException", "ThrottlingException")]
    [InlineData("ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/", "ValidationException")]
    [InlineData("com.amazon.coral#AccessDeniedException", "AccessDeniedException")]
    [InlineData(null, null)]
    [InlineData("", null)]
    public void Bedrocks_type_comes_from_its_header(string? header, string? type)
    {
        var error = UpstreamErrorReader.Read("""{"message":"m"}"""u8, header);
        Assert.Equal(("m", type), (error.Message, error.Type));
    }

    [Theory]
    [InlineData("""{"error":{"code":"content_filter","message":"m","innererror":{"code":"ResponsibleAIPolicyViolation"}}}""", "ResponsibleAIPolicyViolation")]
    [InlineData("""{"error":{"code":400,"message":"m","details":[{"@type":"x","reason":"API_KEY_INVALID"}]}}""", "API_KEY_INVALID")]
    [InlineData("""{"error":{"code":429,"message":"m","details":[{"violations":[{"quotaId":"A-PerDay"},{"quotaId":"B"}]}]}}""", "A-PerDay B")]
    [InlineData("""{"error":{"code":403,"message":"m","metadata":{"reasons":["violence"],"flagged_input":"bad"}}}""", "violence flagged_input")]
    [InlineData("""{"error":{"code":400,"message":"m","metadata":{"raw":"{\"x\":1}"}}}""", """{"x":1}""")]
    [InlineData("""{"error":{"code":400,"message":"m","metadata":null,"details":"none","innererror":null}}""", null)]
    public void Deeper_signals_are_kept_for_the_classifier(string body, string? detail) => Assert.Equal(detail, Read(body).Detail);

    [Theory]
    [InlineData("""{"error":{"code":"429","message":"Rate limit reached. Please retry after 26 seconds."}}""", 26.0)]
    [InlineData("""{"error":{"code":"429","message":"Please retry after 86400 seconds"}}""", 86400.0)]
    [InlineData("""{"error":{"message":"Limit 3, Used 3. Please try again in 6m0s. Visit https://x"}}""", 360.0)]
    [InlineData("""{"error":{"message":"Please try again in 1.5s."}}""", 1.5)]
    [InlineData("""{"error":{"message":"try again in 20ms"}}""", 0.02)]
    [InlineData("""{"error":{"message":"try again in 2 minutes"}}""", 120.0)]
    [InlineData("""{"error":{"code":429,"message":"m","details":[{"reason":"x"},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.4s"}]}}""", 34.4)]
    [InlineData("""{"error":{"message":"retry after a while"}}""", null)]
    [InlineData("""{"error":{"message":"retry after 99999999999999999999 days"}}""", null)]
    [InlineData("""{"error":{"message":"m","details":[{"retryDelay":"soon"}]}}""", null)]
    public void The_time_to_wait_is_found_in_the_body(string body, double? seconds) => Assert.Equal(seconds, Read(body).RetryAfter?.TotalSeconds);

    [Fact]
    public void A_member_name_that_is_no_text_does_no_harm() => Assert.NotEmpty(Read("""{"\ud800":1,"message":"m"}""").Message);

    [Fact]
    public void Long_texts_are_cut_between_characters()
    {
        var error = Read($$$"""{"error":{"message":"{{{new string('x', 1999)}}}😀😀","code":"{{{new string('c', 500)}}}"}}""");
        Assert.Equal(1999, error.Message.Length);
        Assert.Equal(UpstreamError.MaxName, error.Code!.Length);
        Assert.Equal(UpstreamError.MaxMessage, Read(new string('y', 50_000)).Message.Length);
    }

    [Fact]
    public void Unpaired_surrogates_become_replacement_characters() =>
        Assert.Equal("a\uFFFDb😀\uFFFD", Read("""{"error":{"message":"a\ud800b\ud83d\ude00\udc00"}}""").Message);

    [Fact]
    public void Random_bodies_never_throw()
    {
        var shapes = Gen.OneOf(
            """{"error":{"message":"m","details":[{"violations":[{"quotaId":"x"}],"retryDelay":"1s"}],"metadata":{"raw":"r"}}}""",
            """{"object":"error","message":{"detail":[{"loc":["a"],"msg":"m"}]}}""",
            """{"choices":[{"error":{"code":1}}],"base_resp":{"status_code":1}}""");
        Gen.Select(shapes, Gen.Select(Gen.Int[0, 200], Gen.Byte).Array[0, 6]).Sample((shape, changes) =>
        {
            var bytes = Encoding.UTF8.GetBytes(shape);
            foreach (var (at, value) in changes)
                bytes[at % bytes.Length] = value;
            var error = UpstreamErrorReader.Read(bytes);
            UpstreamErrorClassifier.Classify(429, null, error, hasRetryAfter: false);
            Assert.InRange(error.Message.Length, 0, UpstreamError.MaxMessage);
        }, iter: 5000);
        Gen.Byte.Array[0, 200].Sample(bytes => UpstreamErrorReader.Read(bytes) is not null);
    }

    private static UpstreamError Read(string body) => UpstreamErrorReader.Read(Encoding.UTF8.GetBytes(body));
}
