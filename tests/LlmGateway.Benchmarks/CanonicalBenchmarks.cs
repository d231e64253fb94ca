using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using LlmGateway.Gateway;
using LlmGateway.Requests;

namespace LlmGateway.Benchmarks;

/// <summary>What a request costs to be known by: its canonical bytes, and a keyed hash of them.</summary>
[MemoryDiagnoser]
public class CanonicalBenchmarks
{
    private readonly byte[] _key = new byte[32];
    private readonly byte[] _hash = new byte[32];
    private InferenceRequest _request = null!;

    [Params(2 * 1024, 20 * 1024)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void SetUp() => _request = BenchmarkData.Read(BenchmarkData.Chat(Bytes));

    [Benchmark]
    public int Canonical()
    {
        using var canon = _request.Canonical(EndpointKind.ChatCompletions);
        return canon.Bytes.Length;
    }

    [Benchmark]
    public int CanonicalAndHash()
    {
        using var canon = _request.Canonical(EndpointKind.ChatCompletions);
        return HMACSHA256.HashData(_key, canon.Bytes, _hash);
    }
}
