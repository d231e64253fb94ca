using System.Globalization;
using System.Net.Sockets;
using System.Text;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>What a provider may do with a call.</summary>
internal static class Providers
{
    /// <summary>Sixty short words, the text of a good answer; each is an event of a stream.</summary>
    public static readonly string[] Words = [.. Enumerable.Range(1, 60).Select(number => $"w{number.ToString(CultureInfo.InvariantCulture)} ")];

    public static string Text => string.Concat(Words);

    /// <summary>A good answer, streamed or not as it was asked for.</summary>
    public static Task Well(UpstreamCall call) => call.Body.Contains("\"stream\":true", StringComparison.Ordinal) ? Streams(call) : Whole(call);

    public static Task Whole(UpstreamCall call, string text = "Rivers run.") => Says(call, 200, Answer(text));

    /// <summary>A status with a body and more headers, each of which ends with a line break.</summary>
    public static Task Says(UpstreamCall call, int status, string body = """{"error":{"message":"No.","type":"server_error","param":null,"code":null}}""", string headers = "") =>
        call.WriteAsync($"HTTP/1.1 {status} Status\r\ncontent-type: application/json\r\n{headers}content-length: {Encoding.UTF8.GetByteCount(body)}\r\nconnection: close\r\n\r\n{body}");

    public static Task Limits(UpstreamCall call, int? seconds = null) => Says(
        call, 429, """{"error":{"message":"Slow down","type":"requests","param":null,"code":"rate_limit_exceeded"}}""", seconds is { } pause ? $"retry-after: {pause}\r\n" : "");

    /// <summary>A stream of the first words, and behind them what else is wanted.</summary>
    public static async Task Streams(UpstreamCall call, int words = 60, bool finish = true, bool usage = true, bool done = true, string id = "c-1")
    {
        await call.WriteAsync(ScriptedUpstream.Head("text/event-stream"));
        await call.WriteAsync(Chunk("{\"role\":\"assistant\",\"content\":\"\"}", id));
        for (var i = 0; i < words; i++)
        {
            await call.WriteAsync(Chunk($"{{\"content\":\"{Words[i]}\"}}", id));
        }

        await call.WriteAsync((finish ? Chunk("{}", id, "\"stop\"") : "") + (usage ? Usage(60, id) : "") + (done ? "data: [DONE]\n\n" : ""));
    }

    /// <summary>A stream that is cut after the first words.</summary>
    public static Task Cuts(UpstreamCall call, int words = 40) => Streams(call, words, finish: false, usage: false, done: false);

    /// <summary>A good stream of other words than <see cref="Words"/>.</summary>
    public static Task StreamsSomethingElse(UpstreamCall call) => call.WriteAsync(
        ScriptedUpstream.Head("text/event-stream") + Chunk("{\"role\":\"assistant\",\"content\":\"something else\"}", "c-2") + Chunk("{}", "c-2", "\"stop\"") + "data: [DONE]\n\n");

    /// <summary>Accepts, and says nothing until the gateway hangs up.</summary>
    public static Task IsSilent(UpstreamCall call) => call.WaitUntilGoneAsync();

    /// <summary>Breaks the connection so that the gateway sees a reset.</summary>
    public static Task Resets(UpstreamCall call)
    {
        call.Stream.Socket.LingerState = new LingerOption(true, 0);
        call.Stream.Socket.Close();
        return Task.CompletedTask;
    }

    public static string Chunk(string delta, string id = "c-1", string finish = "null") =>
        $"data: {{\"id\":\"{id}\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{{\"index\":0,\"delta\":{delta},\"finish_reason\":{finish}}}]}}\n\n";

    public static string Usage(int output, string id = "c-1") =>
        $"data: {{\"id\":\"{id}\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[],\"usage\":{{\"prompt_tokens\":10,\"completion_tokens\":{output},\"total_tokens\":{10 + output}}}}}\n\n";

    private static string Answer(string text) =>
        $$$"""{"id":"c-1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"{{{text}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":3,"total_tokens":13}}""";
}
