using System.Buffers;
using System.IO.Pipelines;

namespace LlmGateway.Simulator.Serving;

/// <summary>Writes to the client: whole and flushed at once, or in pieces and slowly where a fault says so.</summary>
internal static class FaultyPipe
{
    public static ValueTask WriteAsync(Call call, ReadOnlySpan<byte> bytes)
    {
        PipeWriter writer = call.Http.Response.BodyWriter;
        writer.Write(bytes);
        ValueTask<FlushResult> flush = writer.FlushAsync(call.Aborted);
        if (!flush.IsCompletedSuccessfully)
        {
            return AwaitAsync(call, flush);
        }

        ThrowIfGone(call, flush.Result);
        return default;
    }

    public static async ValueTask WritePiecesAsync(Call call, ReadOnlyMemory<byte> bytes)
    {
        int size = call.Plan?.Split ?? int.MaxValue;
        int? rate = call.Plan?.BytesPerSecond;
        if (rate is not null)
        {
            // Twenty pieces a second: slow, but not so jerky that an idle limit of a second fires.
            size = Math.Min(size, Math.Max(1, rate.Value / 20));
        }

        while (bytes.Length > 0)
        {
            ReadOnlyMemory<byte> piece = bytes[..Math.Min(size, bytes.Length)];
            await WriteAsync(call, piece.Span);
            bytes = bytes[piece.Length..];
            if (rate is not null)
            {
                await call.DelayAsync(TimeSpan.FromSeconds((double)piece.Length / rate.Value));
            }
        }
    }

    private static async ValueTask AwaitAsync(Call call, ValueTask<FlushResult> flush) => ThrowIfGone(call, await flush);

    private static void ThrowIfGone(Call call, FlushResult result)
    {
        if (result.IsCompleted || call.Aborted.IsCancellationRequested)
        {
            throw new OperationCanceledException("The client has left.", call.Aborted);
        }
    }
}
