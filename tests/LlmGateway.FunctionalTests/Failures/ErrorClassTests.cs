using System.Globalization;
using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failures;

/// <summary>Each class of failure as providers really put it: what the client is told, and what the ledger has.</summary>
public class ErrorClassTests
{
    private const string ProviderKey = "sk-provider-credential-0123456789abcdef";

    // Vendor, status, headers, body; then the client's status, type, code, x-should-retry, retry-after; then the ledger's class.
    public static readonly TheoryData<string, int, string, string, int, string, string?, string?, string?, string> Failures = new()
    {
        // Whoever's key it is that was refused, it is not the client's.
        { "", 401, "", """{"error":{"message":"Incorrect API key provided: KEY.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}""", 502, "server_error", "upstream_auth_error", "false", null, "upstream_auth" },
        { "", 400, "", """[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}]""", 502, "server_error", "upstream_auth_error", "false", null, "upstream_auth" },
        { "", 400, "", """{"error_code":"ModelArts.81002","error_msg":"Authorization is invalid KEY"}""", 502, "server_error", "upstream_auth_error", "false", null, "upstream_auth" },
        { "siliconflow", 401, "", "\"Invalid token\"", 502, "server_error", "upstream_auth_error", "false", null, "upstream_auth" },

        { "", 404, "", """{"error":{"message":"The model `x` does not exist","type":"invalid_request_error","param":null,"code":"model_not_found"}}""", 404, "invalid_request_error", "model_not_found", "false", null, "model_access" },
        { "", 401, "", """{"error":{"code":"invalid_model","message":"The model does not exist or you do not have access to it.","type":"invalid_request_error"}}""", 404, "invalid_request_error", "model_not_found", "false", null, "model_access" },
        { "zhipu", 400, "", """{"error":{"code":"1211","message":"Unknown Model, please check the model code."}}""", 404, "invalid_request_error", "model_not_found", "false", null, "model_access" },

        { "", 400, "", """{"error":{"message":"This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.","type":"BadRequestError","param":null,"code":400}}""", 400, "invalid_request_error", "context_length_exceeded", "false", null, "context_length" },
        { "", 413, "", """{"error":{"message":"prompt is too long: 210000 tokens > 200000 maximum","type":"invalid_request_error"}}""", 400, "invalid_request_error", "context_length_exceeded", "false", null, "context_length" },
        { "", 400, "", """{"error":{"message":"Content Exists Risk","type":"invalid_request_error","param":null,"code":"invalid_request_error"}}""", 400, "invalid_request_error", "content_filter", "false", null, "content_filter" },
        { "azure", 400, "", """{"error":{"message":"The response was filtered.","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation"}}}""", 400, "invalid_request_error", "content_filter", "false", null, "content_filter" },
        { "", 400, "", """{"error_code":"ModelArts.81011","error_msg":"Input text may contain sensitive information"}""", 400, "invalid_request_error", "content_filter", "false", null, "content_filter" },

        { "", 429, "retry-after: 7", """{"error":{"message":"Rate limit reached","type":"tokens","param":null,"code":"rate_limit_exceeded"}}""", 429, "tokens", "rate_limit_exceeded", null, "7", "rate_limit" },
        { "", 429, "retry-after-ms: 1500", """{"error":{"message":"Rate limit reached","type":"requests","param":null,"code":"rate_limit_exceeded"}}""", 429, "requests", "rate_limit_exceeded", null, "2", "rate_limit" },
        { "hunyuan", 400, "", """{"error":{"message":"request limit exceeded","type":"runtime_error","param":null,"code":"2003"}}""", 429, "requests", "rate_limit_exceeded", null, "1", "rate_limit" },
        { "mistral", 429, "", """{"object":"error","message":"Rate limit exceeded","type":"rate_limited","param":null,"code":"1300","raw_status_code":429}""", 429, "requests", "rate_limit_exceeded", null, "1", "rate_limit" },
        { "zhipu", 429, "", """{"error":{"code":"1302","message":"Rate limit reached for requests"}}""", 429, "requests", "rate_limit_exceeded", null, "1", "rate_limit" },
        { "azure", 429, "", """{"error":{"code":"429","message":"Requests have exceeded token rate limit. Please retry after 12 seconds."}}""", 429, "requests", "rate_limit_exceeded", null, "12", "rate_limit" },

        { "", 429, "", """{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}""", 429, "insufficient_quota", "insufficient_quota", "false", null, "quota_exhausted" },
        { "zhipu", 429, "", """{"error":{"code":"1113","message":"Insufficient balance or no resource package. Please recharge."}}""", 429, "insufficient_quota", "insufficient_quota", "false", null, "quota_exhausted" },
        { "deepseek", 402, "", """{"error":{"message":"Insufficient Balance","type":"unknown_error","param":null,"code":"invalid_request_error"}}""", 429, "insufficient_quota", "insufficient_quota", "false", null, "quota_exhausted" },
        { "qwen", 400, "", """{"error":{"message":"Access denied, please make sure your account is in good standing.","type":"Arrearage","param":null,"code":"Arrearage"},"request_id":"5a2f7c1e"}""", 429, "insufficient_quota", "insufficient_quota", "false", null, "quota_exhausted" },
        { "kimi", 429, "", """{"error":{"type":"exceeded_current_quota_error","message":"Your account is suspended, please check your plan and billing details"}}""", 429, "insufficient_quota", "insufficient_quota", "false", null, "quota_exhausted" },

        { "", 503, "retry-after: 3", "", 503, "server_error", "overloaded", null, "3", "overloaded" },
        { "kimi", 429, "", """{"error":{"type":"engine_overloaded_error","message":"The engine is currently overloaded, please try again later"}}""", 503, "server_error", "overloaded", null, "1", "overloaded" },
        { "anthropic", 529, "", """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", 503, "server_error", "overloaded", null, "1", "overloaded" },
        { "siliconflow", 503, "", """{"code":50505,"message":"Model service overloaded. Please try again later.","data":null}""", 503, "server_error", "overloaded", null, "1", "overloaded" },

        { "", 504, "", "<html><title>504 Gateway Time-out</title></html>", 504, "server_error", "deadline_exceeded", null, null, "timeout" },
        { "", 408, "", "", 504, "server_error", "deadline_exceeded", null, null, "timeout" },
        { "", 500, "", "upstream connect error with KEY", 502, "server_error", "upstream_error", null, null, "bad_gateway" },
        { "", 502, "", "<html>\r\n<head><title>502 Bad Gateway</title></head></html>", 502, "server_error", "upstream_error", null, null, "bad_gateway" },
        { "", 302, "location: http://127.0.0.1:9/elsewhere", "", 502, "server_error", "upstream_error", null, null, "bad_gateway" },

        { "", 400, "", """{"error":{"message":"Invalid value for 'temperature' with KEY","type":"invalid_request_error","param":"temperature","code":"invalid_value"}}""", 400, "invalid_request_error", "invalid_value", "false", null, "bad_request" },
        { "mistral", 422, "", """{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","top_k"],"msg":"Extra inputs are not permitted","input":{}}]},"type":"invalid_request_error","param":null,"code":null}""", 422, "invalid_request_error", null, "false", null, "bad_request" },
        { "", 409, "", """{"error":{"message":"Conflict","type":"invalid_request_error"}}""", 400, "invalid_request_error", null, "false", null, "bad_request" },

        // A failure under a 200.
        { "", 200, "", """{"error":{"message":"Rate limit reached","type":"requests","param":null,"code":"rate_limit_exceeded"}}""", 429, "requests", "rate_limit_exceeded", null, "1", "rate_limit" },
        { "openrouter", 200, "", """{"error":{"code":502,"message":"Provider returned error KEY","metadata":{"provider_name":"Nobody","raw":"upstream"}},"user_id":"user_1"}""", 502, "server_error", "upstream_error", null, null, "bad_gateway" },
        { "", 200, "", "not JSON at all", 502, "server_error", "upstream_error", null, null, "bad_gateway" },
        { "", 200, "", """{"status":"ok","path":"/login"}""", 502, "server_error", "upstream_error", null, null, "bad_gateway" },
        { "", 200, "", """{"id":"c","object":"chat.completion","choices":[]}""", 502, "server_error", "upstream_error", null, null, "bad_gateway" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_failure_reaches_the_client_as_its_class_and_the_ledger_as_a_row_that_costs_nothing(
        string profile, int status, string headers, string body, int seen, string type, string? code, string? shouldRetry, string? retryAfter, string errorClass)
    {
        var answer = string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Any\r\ncontent-type: application/json\r\n")
            + (headers.Length > 0 ? headers + "\r\n" : "") + "connection: close\r\n\r\n" + body.Replace("KEY", ProviderKey, StringComparison.Ordinal);
        await using var upstream = new ScriptedUpstream(call => call.WriteAsync(answer));
        using var configuration = new TestConfiguration().WithSecret("provider.key", ProviderKey).WithUpstream(
            upstream.BaseUrl, (profile.Length > 0 ? $"profile: {profile}, " : "") + "credentials: [ { key: \"${file:provider.key}\" } ]");
        foreach (var more in new[] { "", "\"stream\":true" })
        {
            // Each its own: a credential that was refused is not sent a second time.
            await using var gateway = await TestGateway.StartAsync(configuration);
            using var response = await gateway.ChatAsync(more, "down");
            var error = await TestGateway.ErrorAsync(response);
            Assert.Equal(seen, (int)response.StatusCode);
            Assert.Equal(type, error.GetProperty("type").GetString());
            Assert.Equal(code, error.GetProperty("code").GetString());
            Assert.Equal(shouldRetry, Header(response, "x-should-retry"));
            Assert.Equal(retryAfter, Header(response, "retry-after"));
            Assert.Equal("nobody/model", Header(response, "x-gateway-deployment"));
            Assert.DoesNotContain(ProviderKey, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.NotEmpty(error.GetProperty("message").GetString()!);
            await gateway.ScrapeUntilAsync(scrape => scrape.Sum("llmgateway_requests_total", $"fault=\"{(seen is 400 or 422 ? "caller" : "provider")}\"") == 1);
            ExpectFreeRow(gateway.Rows()[^1], status, errorClass);
        }
    }

    private static void ExpectFreeRow(IDictionary<string, object?> row, int status, string errorClass)
    {
        Assert.Equal(errorClass, row["error_class"]);
        Assert.Equal((long)status, row["status"]);
        Assert.Equal("unknown", row["usage_source"]);
        Assert.Null(row["input_tokens"]);
        Assert.Equal("0.000000000", row["cost"]);
        Assert.Null(row["first_event_at"]);
    }

    [Fact]
    public async Task A_failure_in_the_middle_of_a_stream_keeps_its_class_and_never_shows_the_providers_key()
    {
        await using var upstream = new ScriptedUpstream(call => call.WriteAsync(
            ScriptedUpstream.Head("text/event-stream") + "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Rivers\"}}]}\n\n"
            + $"data: {{\"error\":{{\"message\":\"Rate limit reached for {ProviderKey}\",\"type\":\"requests\",\"code\":\"rate_limit_exceeded\"}}}}\n\n"));
        using var configuration = new TestConfiguration().WithSecret("provider.key", ProviderKey)
            .WithUpstream(upstream.BaseUrl, "credentials: [ { key: \"${file:provider.key}\" } ]");
        await using var gateway = await TestGateway.StartAsync(configuration);

        var events = await gateway.StreamAsync(model: "down");

        var error = JsonDocument.Parse(events[^1]).RootElement.GetProperty("error");
        Assert.Equal("rate_limit_exceeded", error.GetProperty("code").GetString());
        Assert.DoesNotContain(ProviderKey, events[^1], StringComparison.Ordinal);
        var row = gateway.OnlyRow();
        Assert.Equal("rate_limit", row["error_class"]);
        Assert.Equal("estimated", row["usage_source"]);
    }

    [Theory]
    [InlineData("event: error\ndata: {\"detail\":\"out of memory\"}\n\n")]
    [InlineData("event: error\ndata: {\"type\":\"overloaded_error\",\ndata: \"message\":\"out of memory\"}\n\n")]
    public async Task An_event_that_is_called_an_error_is_one_even_with_an_end_mark_behind_it(string frame)
    {
        await using var upstream = new ScriptedUpstream(call => call.WriteAsync(
            ScriptedUpstream.Head("text/event-stream") + "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Rivers\"}}]}\n\n" + frame + "data: [DONE]\n\n"));
        using var configuration = new TestConfiguration().WithUpstream(upstream.BaseUrl);
        await using var gateway = await TestGateway.StartAsync(configuration);

        var events = await gateway.StreamAsync(model: "down");

        Assert.True(JsonDocument.Parse(events[^1]).RootElement.TryGetProperty("error", out _));
        Assert.NotNull(gateway.OnlyRow()["error_class"]);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;
}
