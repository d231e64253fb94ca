using System.Text;
using LlmGateway.Protocols.Errors;
using static LlmGateway.Protocols.Errors.ErrorClass;

namespace LlmGateway.Protocols.Tests.Errors;

public sealed class UpstreamErrorClassifierTests
{
    [Theory]
    // Statuses alone
    [InlineData(UpstreamAuth, 401, null, "")]
    [InlineData(UpstreamAuth, 401, null, """{"error":{"code":"rate_limit_exceeded","message":"odd"}}""")]
    [InlineData(ModelAccess, 404, null, "404 page not found")]
    [InlineData(ModelAccess, 403, null, "")]
    [InlineData(QuotaExhausted, 402, null, "")]
    [InlineData(ErrorClass.Timeout, 408, null, "")]
    [InlineData(ErrorClass.Timeout, 504, null, "\"timeout\"")]
    [InlineData(BadRequest, 413, null, "")]
    [InlineData(BadRequest, 413, null, """{"error":{"message":"too many tokens per minute","code":"rate_limit_exceeded"}}""")]
    [InlineData(ContextLength, 413, null, """{"error":{"message":"m","code":"context_length_exceeded"}}""")]
    [InlineData(BadRequest, 400, null, """{"error":{"message":"m","type":"invalid_request_error","param":"x","code":"unsupported_parameter"}}""")]
    [InlineData(BadRequest, 422, "mistral", """{"object":"error","message":{"detail":[]},"type":"invalid_request_error"}""")]
    [InlineData(RateLimit, 429, null, "")]
    [InlineData(BadGateway, 500, null, """{"error":{"message":"m","type":"server_error","param":null,"code":null}}""")]
    [InlineData(BadGateway, 502, null, "<html><title>502 Bad Gateway</title></html>")]
    [InlineData(BadGateway, 0, null, "")]
    [InlineData(Overloaded, 503, null, "")]
    [InlineData(Overloaded, 529, null, "")]
    // upstream_auth
    [InlineData(UpstreamAuth, 400, "gemini", """{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}""")]
    [InlineData(UpstreamAuth, 400, "huawei", """{"error_code":"ModelArts.81002","error_msg":"m"}""")]
    [InlineData(UpstreamAuth, 401, "huawei", """{"error_code":"ModelArts.81003","error_msg":"m"}""")]
    [InlineData(UpstreamAuth, 401, "qianfan", """{"error":{"code":"invalid_iam_token","message":"m","type":"invalid_request_error"}}""")]
    [InlineData(UpstreamAuth, 403, "spark", """{"error":{"message":"m","code":"11200"}}""")]
    [InlineData(UpstreamAuth, 200, null, """{"code":11200,"message":"m","sid":"s"}""")]
    [InlineData(UpstreamAuth, 401, "ark", """{"error":{"code":"AuthenticationError","message":"m"}}""")]
    [InlineData(UpstreamAuth, 400, "zhipu", """{"error":{"code":"1000","message":"m"}}""")]
    [InlineData(UpstreamAuth, 400, "zhipu", """{"error":{"code":"1004","message":"m"}}""")]
    [InlineData(UpstreamAuth, 200, "hunyuan", """{"Response":{"Error":{"Code":"AuthFailure.SecretIdNotFound","Message":"m"}}}""")]
    // model_access
    [InlineData(ModelAccess, 404, "openai", """{"error":{"message":"m","type":"invalid_request_error","param":null,"code":"model_not_found"}}""")]
    [InlineData(ModelAccess, 404, "azure", """{"error":{"code":"DeploymentNotFound","message":"m"}}""")]
    [InlineData(ModelAccess, 401, "qianfan", """{"error":{"code":"invalid_model","message":"No permission to use the model","type":"invalid_request_error"}}""")]
    [InlineData(ModelAccess, 400, "modelscope", """{"errors":{"message":"Model id: X/Y, has no provider supported","request_id":"r"}}""")]
    [InlineData(ModelAccess, 404, "huawei", """{"error_code":"ModelArts.81009","error_msg":"m"}""")]
    [InlineData(ModelAccess, 404, "ark", """{"error":{"code":"ModelNotOpen","message":"m"}}""")]
    [InlineData(ModelAccess, 404, "ark", """{"error":{"code":"InvalidEndpointOrModel.NotFound","message":"m"}}""")]
    [InlineData(ModelAccess, 403, "ark", """{"error":{"code":"OperationDenied.ServiceOverdue","message":"m"}}""")]
    [InlineData(ModelAccess, 400, "zhipu", """{"error":{"code":"1211","message":"m"}}""")]
    [InlineData(ModelAccess, 404, "ollama", """{"error":{"message":"model 'x' not found","type":"not_found_error","param":null,"code":null}}""")]
    [InlineData(ModelAccess, 403, "qwen", """{"error":{"message":"m","type":"Model.AccessDenied","param":null,"code":"Model.AccessDenied"}}""")]
    [InlineData(ModelAccess, 400, "hunyuan", """{"error":{"message":"m","type":"runtime_error","code":"InvalidParameterValue.Model"}}""")]
    // context_length
    [InlineData(ContextLength, 400, "openai", """{"error":{"message":"m","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""")]
    [InlineData(ContextLength, 400, "anthropic", """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 201234 tokens > 200000 maximum"}}""")]
    [InlineData(ContextLength, 400, "anthropic", """{"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit: 1 + 2 > 2"}}""")]
    [InlineData(ContextLength, 400, "gemini", """{"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}""")]
    [InlineData(ContextLength, 400, "qwen", """{"error":{"message":"Range of input length should be [1, 30720]","type":"invalid_request_error","param":null,"code":"invalid_parameter_error"}}""")]
    [InlineData(ContextLength, 400, "qianfan", """{"error":{"code":"tokens_too_long","message":"m","type":"invalid_request_error"}}""")]
    [InlineData(ContextLength, 400, "kimi", """{"error":{"type":"invalid_request_error","message":"Invalid request: Your request exceeded model token limit: 131072"}}""")]
    [InlineData(ContextLength, 400, "kimi", """{"error":{"type":"invalid_request_error","message":"Input token length too long"}}""")]
    [InlineData(ContextLength, 400, "zhipu", """{"error":{"code":"1261","message":"m"}}""")]
    [InlineData(ContextLength, 200, "spark", """{"code":10907,"message":"m","sid":"s"}""")]
    [InlineData(ContextLength, 400, "sglang", """{"object":"error","message":"The input (5000 tokens) is longer than the model's context length (4096 tokens).","type":"BadRequestError","param":null,"code":400}""")]
    [InlineData(ContextLength, 400, "vllm", """{"error":{"message":"This model's maximum context length is 4096 tokens.","type":"BadRequestError","param":null,"code":400}}""")]
    [InlineData(ContextLength, 400, "openrouter", """{"error":{"code":400,"message":"Provider returned error","metadata":{"raw":"{\"error\":{\"message\":\"maximum context length is 1\"}}"}}}""")]
    // content_filter
    [InlineData(ContentFilter, 400, "azure", """{"error":{"message":"m","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation"}}}""")]
    [InlineData(ContentFilter, 400, "openai", """{"error":{"message":"m","type":"invalid_request_error","param":null,"code":"content_policy_violation"}}""")]
    [InlineData(ContentFilter, 400, "deepseek", """{"error":{"message":"Content Exists Risk","type":"invalid_request_error","param":null,"code":"invalid_request_error"}}""")]
    [InlineData(ContentFilter, 400, "qwen", """{"error":{"message":"m","type":"data_inspection_failed","param":null,"code":"data_inspection_failed"}}""")]
    [InlineData(ContentFilter, 200, "qwen", """{"error":{"message":"m","type":"data_inspection_failed","param":null,"code":"data_inspection_failed"}}""")]
    [InlineData(ContentFilter, 403, "qianfan", """{"error":{"code":"system_unsafe","message":"m","type":"unsafe_request"}}""")]
    [InlineData(ContentFilter, 403, "qianfan", """{"error":{"code":"functions_unsafe","message":"m"}}""")]
    [InlineData(ContentFilter, 403, "huawei", """{"error_code":"ModelArts.81011","error_msg":"m"}""")]
    [InlineData(ContentFilter, 400, "ark", """{"error":{"code":"SensitiveContentDetected","message":"m"}}""")]
    [InlineData(ContentFilter, 400, "ark", """{"error":{"code":"InputTextSensitiveContentDetected.PolicyViolation","message":"m"}}""")]
    [InlineData(ContentFilter, 400, "zhipu", """{"error":{"code":"1301","message":"m"}}""")]
    [InlineData(ContentFilter, 200, "spark", """{"code":10013,"message":"m"}""")]
    [InlineData(ContentFilter, 200, "spark", """{"code":10014,"message":"m"}""")]
    [InlineData(ContentFilter, 200, "spark", """{"code":10019,"message":"m"}""")]
    [InlineData(ContentFilter, 200, "spark", """{"code":10021,"message":"m"}""")]
    [InlineData(ContentFilter, 400, "hunyuan", """{"error":{"message":"m","code":"OperationDenied.TextIllegalDetected"}}""")]
    [InlineData(ContentFilter, 400, "kimi", """{"error":{"type":"content_filter","message":"m"}}""")]
    [InlineData(ContentFilter, 403, "openrouter", """{"error":{"code":403,"message":"m","metadata":{"reasons":["x"]}}}""")]
    [InlineData(ContentFilter, 403, null, """{"error":{"code":403,"message":"m","metadata":{"flagged_input":"x"}}}""")]
    // rate_limit
    [InlineData(RateLimit, 429, "openai", """{"error":{"message":"m","type":"tokens","param":null,"code":"rate_limit_exceeded"}}""")]
    [InlineData(RateLimit, 400, "hunyuan", """{"error":{"message":"请求限频","type":"runtime_error","code":"2003"}}""")]
    [InlineData(RateLimit, 429, "gemini", """{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateRequestsPerMinutePerProject"}]},{"retryDelay":"34.4s"}]}}""")]
    [InlineData(RateLimit, 429, "mistral", """{"object":"error","message":"m","type":"rate_limited","param":null,"code":"1300"}""")]
    [InlineData(RateLimit, 429, "mistral", """{"message":"Requests rate limit exceeded"}""")]
    [InlineData(RateLimit, 429, "ark", """{"error":{"code":"RateLimitExceeded.EndpointTPMExceeded","message":"m"}}""")]
    [InlineData(RateLimit, 429, "ark", """{"error":{"code":"ModelAccountRpmRateLimitExceeded","message":"m"}}""")]
    [InlineData(RateLimit, 429, "zhipu", """{"error":{"code":"1302","message":"m"}}""")]
    [InlineData(RateLimit, 429, "zhipu", """{"error":{"code":"1303","message":"m"}}""")]
    [InlineData(RateLimit, 200, "spark", """{"code":11202,"message":"m"}""")]
    [InlineData(RateLimit, 200, "spark", """{"code":11203,"message":"m"}""")]
    [InlineData(RateLimit, 200, "spark", """{"code":10007,"message":"m"}""")]
    [InlineData(RateLimit, 429, "huawei", """{"error_code":"ModelArts.81101","error_msg":"m"}""")]
    [InlineData(RateLimit, 429, "huawei", """{"error_code":"ModelArts.81103","error_msg":"m"}""")]
    [InlineData(RateLimit, 429, "azure", """{"error":{"code":"429","message":"have exceeded token rate limit. Please retry after 26 seconds."}}""")]
    [InlineData(RateLimit, 429, "kimi", """{"error":{"type":"rate_limit_reached_error","message":"m"}}""")]
    [InlineData(RateLimit, 429, "qwen", """{"error":{"message":"m","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}""")]
    [InlineData(RateLimit, 429, "qwen", """{"code":"Throttling.AllocationQuota","message":"m","request_id":"r"}""")]
    [InlineData(RateLimit, 429, "qianfan", """{"error":{"code":"input_tpm_rate_limit_exceeded","message":"m","type":"rate_limit_exceeded"}}""")]
    [InlineData(RateLimit, 200, "hunyuan", """{"Response":{"Error":{"Code":"RequestLimitExceeded.UinLimitExceeded","Message":"m"}}}""")]
    // quota_exhausted
    [InlineData(QuotaExhausted, 429, "openai", """{"error":{"message":"m","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}""")]
    [InlineData(QuotaExhausted, 402, "deepseek", """{"error":{"message":"Insufficient Balance","type":"unknown_error","param":null,"code":"invalid_request_error"}}""")]
    [InlineData(QuotaExhausted, 402, "openrouter", """{"error":{"code":402,"message":"m"}}""")]
    [InlineData(QuotaExhausted, 400, "qwen", """{"error":{"message":"m","type":"Arrearage","param":null,"code":"Arrearage"}}""")]
    [InlineData(QuotaExhausted, 403, "qwen", """{"error":{"message":"m","type":"AllocationQuota.FreeTierOnly","param":null,"code":"AllocationQuota.FreeTierOnly"}}""")]
    [InlineData(QuotaExhausted, 429, "zhipu", """{"error":{"code":"1113","message":"m"}}""")]
    [InlineData(QuotaExhausted, 429, "zhipu", """{"error":{"code":"1304","message":"m"}}""")]
    [InlineData(QuotaExhausted, 429, "zhipu", """{"error":{"code":"1308","message":"m"}}""")]
    [InlineData(QuotaExhausted, 429, "zhipu", """{"error":{"code":"1309","message":"m"}}""")]
    [InlineData(QuotaExhausted, 429, null, """{"error":{"code":"1310","message":"m"}}""")]
    [InlineData(QuotaExhausted, 429, "kimi", """{"error":{"type":"exceeded_current_quota_error","message":"m"}}""")]
    [InlineData(QuotaExhausted, 403, "ark", """{"error":{"code":"AccountOverdueError","message":"m"}}""")]
    [InlineData(QuotaExhausted, 429, "ark", """{"error":{"code":"QuotaExceeded","message":"m","type":"TooManyRequests"}}""")]
    [InlineData(QuotaExhausted, 429, "ark", """{"error":{"code":"SetLimitExceeded","message":"m"}}""")]
    [InlineData(QuotaExhausted, 200, "spark", """{"code":11201,"message":"m"}""")]
    [InlineData(QuotaExhausted, 200, "spark", """{"code":10016,"message":"m"}""")]
    [InlineData(QuotaExhausted, 403, "huawei", """{"error_code":"ModelArts.81005","error_msg":"m"}""")]
    [InlineData(QuotaExhausted, 403, "huawei", """{"error_code":"ModelArts.81006","error_msg":"m"}""")]
    [InlineData(QuotaExhausted, 400, "hunyuan", """{"error":{"message":"m","code":"FailedOperation.FreeResourcePackExhausted"}}""")]
    [InlineData(QuotaExhausted, 400, "hunyuan", """{"error":{"message":"m","code":"ResourceUnavailable.InArrears"}}""")]
    [InlineData(QuotaExhausted, 429, "azure", """{"error":{"code":"429","message":"Please retry after 86400 seconds."}}""")]
    [InlineData(QuotaExhausted, 429, "gemini", """{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]},{"retryDelay":"34.4s"}]}}""")]
    [InlineData(QuotaExhausted, 402, "anthropic", """{"type":"error","error":{"type":"billing_error","message":"m"}}""")]
    [InlineData(QuotaExhausted, 400, "anthropic", """{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."}}""")]
    [InlineData(QuotaExhausted, 429, "anthropic", """{"type":"error","error":{"type":"rate_limit_error","message":"m"}}""")]
    [InlineData(QuotaExhausted, 403, "siliconflow", """{"code":30001,"message":"m","data":null}""")]
    [InlineData(QuotaExhausted, 403, "siliconflow", "")]
    // overloaded
    [InlineData(Overloaded, 429, "kimi", """{"error":{"type":"engine_overloaded_error","message":"m"}}""")]
    [InlineData(Overloaded, 429, "zhipu", """{"error":{"code":"1305","message":"m"}}""")]
    [InlineData(Overloaded, 429, "zhipu", """{"error":{"code":"1312","message":"m"}}""")]
    [InlineData(Overloaded, 429, "ark", """{"error":{"code":"ServerOverloaded","message":"m"}}""")]
    [InlineData(Overloaded, 429, "mistral", """{"object":"error","message":"Service tier capacity exceeded for this model.","type":"x","code":"3505"}""")]
    [InlineData(Overloaded, 429, null, """{"message":"Service tier capacity exceeded for this model."}""")]
    [InlineData(Overloaded, 503, "siliconflow", """{"code":50505,"message":"Model service overloaded. Please try again later."}""")]
    [InlineData(Overloaded, 200, "openai", """{"type":"error","error":{"type":"server_error","code":"server_is_overloaded","message":"m"}}""")]
    [InlineData(Overloaded, 200, "anthropic", """{"type":"error","error":{"type":"overloaded_error","message":"m"}}""")]
    [InlineData(Overloaded, 429, "azure", """{"error":{"code":"429","message":"The system is currently experiencing high demand"}}""")]
    [InlineData(Overloaded, 503, "gemini", """{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}""")]
    [InlineData(Overloaded, 429, "qianfan", """{"error":{"code":"cluster_rate_limit_exceeded","message":"m","type":"rate_limit_exceeded"}}""")]
    [InlineData(Overloaded, 503, "openrouter", """{"error":{"code":503,"message":"m"}}""")]
    // timeout, bad_gateway
    [InlineData(ErrorClass.Timeout, 504, "huawei", """{"error_code":"APIG.0203","error_msg":"m"}""")]
    [InlineData(ErrorClass.Timeout, 200, "openrouter", """{"error":{"code":408,"message":"m"}}""")]
    [InlineData(BadGateway, 200, "openrouter", """{"error":{"code":502,"message":"m"}}""")]
    [InlineData(BadGateway, 200, null, """{"error":{"message":"m"}}""")]
    [InlineData(RateLimit, 200, null, """{"error":{"code":429,"message":"m"}}""")]
    public void Every_signal_has_its_class(ErrorClass expected, int status, string? profile, string body) => Assert.Equal(
        expected, UpstreamErrorClassifier.Classify(status, profile, UpstreamErrorReader.Read(Encoding.UTF8.GetBytes(body)), hasRetryAfter: false));

    [Theory]
    [InlineData(UpstreamAuth, 403, "UnrecognizedClientException")]
    [InlineData(UpstreamAuth, 403, "ExpiredTokenException:http://internal.amazon.com/")]
    [InlineData(ModelAccess, 403, "AccessDeniedException")]
    [InlineData(ModelAccess, 404, "ResourceNotFoundException")]
    [InlineData(BadRequest, 400, "ValidationException")]
    [InlineData(ErrorClass.Timeout, 408, "ModelTimeoutException")]
    [InlineData(BadGateway, 424, "ModelErrorException")]
    [InlineData(RateLimit, 429, "ThrottlingException")]
    [InlineData(Overloaded, 429, "ModelNotReadyException")]
    [InlineData(Overloaded, 503, "ServiceUnavailableException")]
    [InlineData(BadGateway, 500, "InternalServerException")]
    public void Bedrock_is_classified_by_its_header(ErrorClass expected, int status, string header) => Assert.Equal(
        expected, UpstreamErrorClassifier.Classify(status, "bedrock", UpstreamErrorReader.Read("""{"message":"m"}"""u8, header), hasRetryAfter: false));

    [Fact]
    public void Anthropics_429_with_a_retry_time_is_a_rate_limit()
    {
        var error = UpstreamErrorReader.Read("""{"type":"error","error":{"type":"rate_limit_error","message":"m"}}"""u8);
        Assert.Equal(RateLimit, UpstreamErrorClassifier.Classify(429, "anthropic", error, hasRetryAfter: true));
    }

    [Fact]
    public void A_known_vendors_numbers_are_not_read_as_anothers()
    {
        var error = new UpstreamError("m", null, null, "1113");
        Assert.Equal(RateLimit, UpstreamErrorClassifier.Classify(429, "mistral", error, hasRetryAfter: false));
        Assert.Equal(QuotaExhausted, UpstreamErrorClassifier.Classify(429, "unheard-of", error, hasRetryAfter: false));
    }

    [Theory]
    [InlineData("insufficient_system_resource", Overloaded)]
    [InlineData("sensitive", ContentFilter)]
    [InlineData("content_filter", ContentFilter)]
    [InlineData("SAFETY", ContentFilter)]
    [InlineData("refusal", ContentFilter)]
    [InlineData("model_context_window_exceeded", ContextLength)]
    [InlineData("error", BadGateway)]
    [InlineData("stop", null)]
    [InlineData("", null)]
    public void Finish_reasons_that_are_failures_have_a_class(string raw, ErrorClass? expected) =>
        Assert.Equal(expected, UpstreamErrorClassifier.ClassifyFinishReason(Encoding.UTF8.GetBytes(raw)));

    [Fact]
    public void The_names_are_those_of_the_ledger() => Assert.Equal(
        ["bad_request", "upstream_auth", "model_access", "context_length", "content_filter", "rate_limit", "quota_exhausted", "overloaded", "timeout", "bad_gateway", "interrupted"],
        Enum.GetValues<ErrorClass>().Select(error => error.Name()));
}
