using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using LlmGateway.Protocols.OpenAI.Answers;

namespace LlmGateway.Protocols.Tests.OpenAI.Answers;

/// <summary>Short ways to keep an answer and to write it again.</summary>
internal static class Kept
{
    public static string Read(string body) => Read(body, out _);

    public static string Read(string body, out AnswerSummary summary)
    {
        Assert.True(WholeAnswer.TryRead(Encoding.UTF8.GetBytes(body), out var document, out summary), body);
        return Encoding.UTF8.GetString(document!);
    }

    public static string Assemble(string stream) => Assemble(stream, out _);

    public static string Assemble(string stream, out AnswerSummary summary)
    {
        var assembler = new StreamAssembler(1 << 20);
        assembler.Add(Encoding.UTF8.GetBytes(stream));
        Assert.True(assembler.TryComplete(out var document, out summary), stream);
        return Encoding.UTF8.GetString(document!);
    }

    public static bool CanAssemble(string stream, int limit = 1 << 20)
    {
        var assembler = new StreamAssembler(limit);
        assembler.Add(Encoding.UTF8.GetBytes(stream));
        return assembler.TryComplete(out _, out _);
    }

    public static string Stream(string document, bool includeUsage = true)
    {
        var output = new ArrayBufferWriter<byte>();
        StreamedWriter.Write(Encoding.UTF8.GetBytes(document), "chatcmpl-1"u8, includeUsage, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static string Whole(string document)
    {
        var output = new ArrayBufferWriter<byte>();
        WholeWriter.Write(Encoding.UTF8.GetBytes(document), "chatcmpl-1"u8, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>The chunks of a stream that is framed as OpenAI frames it, ended by <c>[DONE]</c>.</summary>
    public static JsonNode[] Chunks(string stream)
    {
        Assert.EndsWith("data: [DONE]\n\n", stream, StringComparison.Ordinal);
        return stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[..^1].Select(frame =>
        {
            Assert.StartsWith("data: {", frame, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', frame);
            return JsonNode.Parse(frame["data: ".Length..])!;
        }).ToArray();
    }

    public static void Same(string expected, string actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), $"expected {expected}\nfound    {actual}");

    /// <summary>Frames of chunks, and the end mark.</summary>
    public static string Events(params string[] chunks) => string.Concat(chunks.Select(chunk => $"data: {chunk}\n\n")) + "data: [DONE]\n\n";

    public static string Choice(string delta, string more = "\"finish_reason\":null") =>
        $$"""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{{delta}},{{more}}}]}""";
}
