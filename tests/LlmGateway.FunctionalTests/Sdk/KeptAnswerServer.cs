using System.Buffers;
using System.Text;
using System.Text.Json;
using LlmGateway.Protocols.OpenAI.Answers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LlmGateway.FunctionalTests.Sdk;

/// <summary>Serves kept answers as they would be from a cache: the model names the answer, <c>stream</c> says how it is written.</summary>
internal sealed class KeptAnswerServer : IAsyncDisposable
{
    /// <summary>More than one piece, with characters of every length.</summary>
    public static string LongText { get; } = string.Concat(Enumerable.Repeat("Grüße, 模型 😀. ", 100));

    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["text"] = """
            {"id":"x","object":"chat.completion","created":1700000000,"model":"text","system_fingerprint":"fp","choices":[
              {"index":0,"message":{"role":"assistant","content":"LONG","refusal":null},"logprobs":{"content":[{"token":"Hi","bytes":[72,105],"logprob":-0.5,"top_logprobs":[]}],"refusal":null},"finish_reason":"stop"}],
             "usage":{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12}}
            """.Replace("LONG", LongText, StringComparison.Ordinal),
        ["tools"] = """
            {"id":"x","object":"chat.completion","created":1700000000,"model":"tools","choices":[
              {"index":0,"message":{"role":"assistant","content":null,"tool_calls":[
                {"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Zürich\"}"}},
                {"id":"call_2","type":"function","function":{"name":"time","arguments":"{}"}}]},"finish_reason":"tool_calls"}],
             "usage":{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12}}
            """,
        ["refusal"] = """
            {"id":"x","object":"chat.completion","created":1700000000,"model":"refusal","choices":[
              {"index":0,"message":{"role":"assistant","content":null,"refusal":"I cannot."},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12}}
            """,
        ["two"] = """
            {"id":"x","object":"chat.completion","created":1700000000,"model":"two","choices":[
              {"index":0,"message":{"role":"assistant","content":"one"},"finish_reason":"stop"},{"index":1,"message":{"role":"assistant","content":"two"},"finish_reason":"length"}]}
            """,
        ["completion"] = """
            {"id":"x","object":"text_completion","created":1700000000,"model":"completion","choices":[{"index":0,"text":"once upon","logprobs":null,"finish_reason":"stop"}],
             "usage":{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12}}
            """,
    };

    private readonly WebApplication _app;

    private KeptAnswerServer(WebApplication app) => _app = app;

    public Uri BaseAddress => new(_app.Urls.Single() + "/v1");

    public static async Task<KeptAnswerServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        return new KeptAnswerServer(app);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static async Task AnswerAsync(HttpContext http)
    {
        using var request = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        var root = request.RootElement;
        var stream = root.TryGetProperty("stream", out var flag) && flag.GetBoolean();
        var usage = root.TryGetProperty("stream_options", out var options) && options.GetProperty("include_usage").GetBoolean();
        var output = new ArrayBufferWriter<byte>();
        if (root.TryGetProperty("input", out var input))
        {
            WriteVectors(input.GetArrayLength(), output);
        }
        else
        {
            Assert.True(WholeAnswer.TryRead(Encoding.UTF8.GetBytes(Bodies[root.GetProperty("model").GetString()!]), out var document, out _));
            if (stream)
            {
                StreamedWriter.Write(document, "chatcmpl-kept"u8, usage, output);
            }
            else
            {
                WholeWriter.Write(document, "chatcmpl-kept"u8, output);
            }
        }

        http.Response.ContentType = stream ? "text/event-stream" : "application/json";
        await http.Response.Body.WriteAsync(output.WrittenMemory, http.RequestAborted);
    }

    // 1, 2 as little-endian floats, which is how official SDKs ask for vectors.
    private static void WriteVectors(int count, IBufferWriter<byte> output)
    {
        EmbeddingWriter.Begin(output);
        for (var i = 0; i < count; i++)
        {
            EmbeddingWriter.WriteVector(i, "\"AACAPwAAAEA=\""u8, output);
        }

        EmbeddingWriter.End("e"u8, tokens: 3, output);
    }
}
