using BenchmarkDotNet.Attributes;
using LlmGateway.Catalog;
using LlmGateway.Requests;

namespace LlmGateway.Benchmarks;

/// <summary>The scan of a body, and what an attempt sends instead of it.</summary>
[MemoryDiagnoser]
public class RequestBenchmarks
{
    private byte[] _body = [];
    private InferenceRequest _request = null!;
    private Deployment _deployment = null!;

    [Params(512, 20 * 1024)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _body = BenchmarkData.Chat(Bytes);
        _request = BenchmarkData.Read(_body);
        _deployment = BenchmarkData.Snapshot.Routes[BenchmarkData.Route].Targets[0].Deployment;
    }

    [Benchmark]
    public bool Read() => BenchmarkData.Read(_body).Stream;

    /// <summary>Model name replaced, usage asked for.</summary>
    [Benchmark]
    public long Rewrite() => _request.For(_deployment, askUsage: true).Length;
}
