using BenchmarkDotNet.Attributes;
using LlmGateway.Protocols.OpenAI;
using LlmGateway.Protocols.Usage;

namespace LlmGateway.Benchmarks;

/// <summary>One event of a stream: what it says, and the usage taken out that the client did not ask for.</summary>
[MemoryDiagnoser]
public class ChunkBenchmarks
{
    private static readonly byte[] Chunk = """{"id":"chatcmpl-bd64a5d9adefe0006c1e186443822970","object":"chat.completion.chunk","created":1795409017,"model":"sim-small","service_tier":"default","system_fingerprint":"fp_simulator","choices":[{"index":0,"delta":{"content":" said"},"logprobs":null,"finish_reason":null}],"usage":null}"""u8.ToArray();

    private readonly byte[] _work = new byte[Chunk.Length];
    private readonly OpenAIUsageProfile _profile = OpenAIUsageReader.ProfileFor(null);

    [Benchmark]
    public bool Scan()
    {
        ChatChunkScanner.Scan(Chunk, out var facts, _profile);
        return facts.HasContent;
    }

    [Benchmark]
    public int Scan_and_remove_usage()
    {
        Chunk.CopyTo(_work, 0);
        ChatChunkScanner.Scan(_work, out var facts, _profile);
        return ChatChunkScanner.RemoveUsage(_work, in facts);
    }
}
