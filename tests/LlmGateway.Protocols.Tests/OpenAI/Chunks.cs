using System.Buffers;
using System.Text;
using LlmGateway.Protocols.OpenAI;
using LlmGateway.Protocols.Usage;

namespace LlmGateway.Protocols.Tests.OpenAI;

internal static class Chunks
{
    public const string Openai =
        """{"id":"chatcmpl-C1","object":"chat.completion.chunk","created":1795000000,"model":"gpt-5.6-mini","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":" sky"},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"x9"}""";

    public const string OpenaiUsage =
        """{"id":"chatcmpl-C1","object":"chat.completion.chunk","created":1795000000,"model":"gpt-5.6-mini","service_tier":"default","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13,"prompt_tokens_details":{"cached_tokens":2},"completion_tokens_details":{"reasoning_tokens":1}},"obfuscation":""}""";

    public const string AzureFirst =
        """{"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false,"severity":"safe"}}}]}""";

    public const string KimiFinish =
        """{"id":"c","object":"chat.completion.chunk","created":1,"model":"kimi-k3","choices":[{"index":0,"delta":{},"finish_reason":"stop","usage":{"prompt_tokens":19,"completion_tokens":21,"total_tokens":40,"cached_tokens":10}}]}""";

    public const string GroqFinish =
        """{"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"x_groq":{"id":"req_1","usage":{"queue_time":0.1,"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}}""";

    public const string DeepSeekFinish =
        """{"id":"c","object":"chat.completion.chunk","created":1,"model":"deepseek-flash","choices":[{"index":0,"delta":{"content":"","reasoning_content":null},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":5,"total_tokens":25,"prompt_cache_hit_tokens":12,"prompt_cache_miss_tokens":8}}""";

    public const string ToolCall =
        """{"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Bern\"}"}}]},"finish_reason":null}]}""";

    public static readonly string[] All = [Openai, OpenaiUsage, AzureFirst, KimiFinish, GroqFinish, DeepSeekFinish, ToolCall];

    public static ChatChunkFacts Scan(string json)
    {
        ChatChunkScanner.Scan(Encoding.UTF8.GetBytes(json), out var facts);
        return facts;
    }

    public static string Text(string json)
    {
        var text = new ArrayBufferWriter<byte>();
        ChatChunkScanner.Scan(Encoding.UTF8.GetBytes(json), out _, OpenAIUsageProfile.Standard, text);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    public static string RemoveUsage(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        ChatChunkScanner.Scan(bytes, out var facts);
        return Encoding.UTF8.GetString(bytes, 0, ChatChunkScanner.RemoveUsage(bytes, facts));
    }
}
