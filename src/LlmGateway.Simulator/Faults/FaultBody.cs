using System.Collections.Frozen;
using System.Text;

namespace LlmGateway.Simulator.Faults;

/// <summary>
/// Error answers as providers really shape them, by the name that <c>body=NAME</c> uses: <c>deepseek402 deepseek-risk zhipu1113 zhipu1302 zhipu1305
/// gemini-array mistral422 mistral429 siliconflow-string siliconflow503 kimi-quota kimi-overloaded azure-filter azure429 qwen-arrearage
/// vllm-context openrouter502 openai-quota anthropic-overloaded html text empty</c>.
/// </summary>
public sealed class FaultBody
{
    private const string Json = "application/json";

    private static readonly FrozenDictionary<string, FaultBody> All = new FaultBody[]
    {
        new("deepseek402", 402, Json, """{"error":{"message":"Insufficient Balance","type":"unknown_error","param":null,"code":"invalid_request_error"}}"""),
        new("deepseek-risk", 400, Json, """{"error":{"message":"Content Exists Risk","type":"invalid_request_error","param":null,"code":"invalid_request_error"}}"""),
        new("zhipu1113", 429, Json, """{"error":{"code":"1113","message":"Insufficient balance or no resource package. Please recharge."}}"""),
        new("zhipu1302", 429, Json, """{"error":{"code":"1302","message":"Rate limit reached for requests"}}"""),
        new("zhipu1305", 429, Json, """{"error":{"code":"1305","message":"The service may be temporarily overloaded, please try again later"}}"""),
        new("gemini-array", 400, Json, """[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}]"""),
        new("mistral422", 422, Json, """{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted","input":{}}]},"type":"invalid_request_error","param":null,"code":null}"""),
        new("mistral429", 429, Json, """{"object":"error","message":"Rate limit exceeded","type":"rate_limited","param":null,"code":"1300","raw_status_code":429}"""),
        new("siliconflow-string", 401, Json, "\"Invalid token\""),
        new("siliconflow503", 503, Json, """{"code":50505,"message":"Model service overloaded. Please try again later.","data":null}"""),
        new("kimi-quota", 429, Json, """{"error":{"type":"exceeded_current_quota_error","message":"Your account is suspended, please check your plan and billing details"}}"""),
        new("kimi-overloaded", 429, Json, """{"error":{"type":"engine_overloaded_error","message":"The engine is currently overloaded, please try again later"}}"""),
        new("azure-filter", 400, Json, """{"error":{"message":"The response was filtered due to the prompt triggering content management policy.","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"hate":{"filtered":true,"severity":"high"}}}}}"""),
        new("azure429", 429, Json, """{"error":{"code":"429","message":"Requests have exceeded token rate limit. Please retry after 12 seconds."}}"""),
        new("qwen-arrearage", 400, Json, """{"error":{"message":"Access denied, please make sure your account is in good standing.","type":"Arrearage","param":null,"code":"Arrearage"},"request_id":"5a2f7c1e"}"""),
        new("vllm-context", 400, Json, """{"error":{"message":"This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.","type":"BadRequestError","param":null,"code":400}}"""),
        new("openrouter502", 502, Json, """{"error":{"code":502,"message":"Provider returned error","metadata":{"provider_name":"Nobody","raw":"upstream"}},"user_id":"user_1"}"""),
        new("openai-quota", 429, Json, """{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}"""),
        new("anthropic-overloaded", 529, Json, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"""),
        new("html", 502, "text/html", "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center></body>\r\n</html>\r\n"),
        new("text", 500, "text/plain", "upstream connect error or disconnect/reset before headers"),
        new("empty", 500, Json, ""),
    }.ToFrozenDictionary(static body => body.Name, StringComparer.Ordinal);

    private FaultBody(string name, int status, string contentType, string content)
    {
        Name = name;
        Status = status;
        ContentType = contentType;
        Content = Encoding.UTF8.GetBytes(content);
    }

    /// <summary>Every name that <c>body=</c> takes.</summary>
    public static IReadOnlyCollection<string> Names => All.Keys;

    internal string Name { get; }

    internal int Status { get; }

    internal string ContentType { get; }

    internal byte[] Content { get; }

    internal static FaultBody? Find(string name) => All.GetValueOrDefault(name);
}
