using System.Text;
using BenchmarkDotNet.Attributes;
using LlmGateway.Protocols.Sse;

namespace LlmGateway.Benchmarks;

/// <summary>Cutting a stream into its events; figures are for one event of 320 bytes.</summary>
[MemoryDiagnoser]
public class SseBenchmarks
{
    private const int Events = 100;

    private readonly byte[] _stream = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"data: {{\"choices\":\"{new string('x', 297)}\"}}\n\n", Events)));
    private readonly SseFramer _framer = new();

    /// <summary>All events came in one read.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public int Whole()
    {
        _framer.Reset();
        var at = 0;
        while (_framer.TryReadEvent(_stream.AsSpan(at), endOfStream: false, out var ev))
        {
            at += ev.Length;
        }

        return at;
    }

    /// <summary>They came in reads of 100 bytes, as if from a slow network.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public int In_pieces()
    {
        _framer.Reset();
        var (at, arrived) = (0, 0);
        while (arrived < _stream.Length)
        {
            arrived = Math.Min(arrived + 100, _stream.Length);
            while (_framer.TryReadEvent(_stream.AsSpan(at, arrived - at), endOfStream: false, out var ev))
            {
                at += ev.Length;
            }
        }

        return at;
    }
}
