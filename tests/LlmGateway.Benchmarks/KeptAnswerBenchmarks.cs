using System.Buffers;
using BenchmarkDotNet.Attributes;
using LlmGateway.Protocols.OpenAI;
using LlmGateway.Protocols.OpenAI.Answers;

namespace LlmGateway.Benchmarks;

/// <summary>An answer of 600 bytes of text: put together from a stream, and written as either.</summary>
[MemoryDiagnoser]
public class KeptAnswerBenchmarks
{
    private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);
    private byte[] _body = [];
    private byte[] _stream = [];
    private byte[] _document = [];
    private byte[] _chunk = [];
    private ChatChunkFacts _facts;

    [GlobalSetup]
    public void SetUp()
    {
        var text = string.Concat(Enumerable.Repeat("rivers ", 85));
        _body = System.Text.Encoding.UTF8.GetBytes(
            $$$"""{"id":"x","object":"chat.completion","created":5,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"{{{text}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":85,"total_tokens":92}}""");
        WholeAnswer.TryRead(_body, out var document, out _);
        _document = document!;
        var chunks = Enumerable.Repeat("""data: {"id":"x","object":"chat.completion.chunk","created":5,"model":"m","choices":[{"index":0,"delta":{"content":"rivers "},"finish_reason":null}]}""", 85)
            .Append("""data: {"id":"x","object":"chat.completion.chunk","created":5,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""")
            .Append("data: [DONE]\n\n");
        _chunk = """{"id":"x","object":"chat.completion.chunk","created":5,"model":"m","choices":[{"index":0,"delta":{"content":"rivers "},"finish_reason":null}]}"""u8.ToArray();
        ChatChunkScanner.Scan(_chunk, out _facts);
        _stream = System.Text.Encoding.UTF8.GetBytes(string.Join("\n\n", chunks));
    }

    /// <summary>85 chunks, a read for each five of them.</summary>
    [Benchmark]
    public bool Assemble()
    {
        var assembler = new StreamAssembler(1 << 20);
        for (var at = 0; at < _stream.Length; at += 800)
            assembler.Add(_stream.AsSpan(at, Math.Min(800, _stream.Length - at)));
        return assembler.TryComplete(out _, out _);
    }

    /// <summary>The same chunks, framed and scanned by somebody else.</summary>
    [Benchmark]
    public bool AssembleScanned()
    {
        var assembler = new StreamAssembler(1 << 20);
        for (var i = 0; i < 85; i++)
            assembler.AddChunk(_chunk, _facts);
        assembler.AddDone();
        return assembler.TryComplete(out _, out _);
    }

    [Benchmark]
    public bool ReadWhole() => WholeAnswer.TryRead(_body, out _, out _);

    [Benchmark]
    public int WriteWhole()
    {
        _output.ResetWrittenCount();
        WholeWriter.Write(_document, "chatcmpl-1"u8, _output);
        return _output.WrittenCount;
    }

    [Benchmark]
    public int WriteStream()
    {
        _output.ResetWrittenCount();
        StreamedWriter.Write(_document, "chatcmpl-1"u8, includeUsage: true, _output);
        return _output.WrittenCount;
    }
}
