using BenchmarkDotNet.Attributes;
using LlmGateway.Caching.Semantic.Embedding.Builtin;
using LlmGateway.Caching.Semantic.Index;

namespace LlmGateway.Benchmarks;

/// <summary>What a request pays for the question whether something like it was asked: the vector of the builtin embedder, and the search.</summary>
[MemoryDiagnoser]
public class SemanticIndexBenchmarks
{
    private static readonly BuiltinEmbedder Embedder = new();

    private readonly VectorMatch[] _results = new VectorMatch[5];
    private SemanticIndexData _data = null!;
    private int _next;

    [Params(10_000, 100_000)]
    public int Entries { get; set; }

    [Params(256, 384)]
    public int Dimensions { get; set; }

    [GlobalSetup]
    public void SetUp() => _data = new SemanticIndexData(Entries, Dimensions);

    [Benchmark]
    public int Search() => _data.Search(_next++, _results);

    [Benchmark]
    public bool AddAndRemove()
    {
        _data.Add(Entries);
        return _data.Remove(Entries);
    }

    [Benchmark]
    public bool EmbedEnglish() => Embedder.Embed("How do I reset the password of my account when I have lost my phone?").HasVector;

    [Benchmark]
    public bool EmbedChinese() => Embedder.Embed("手机丢了以后，怎么重置我的账户密码？").HasVector;
}
