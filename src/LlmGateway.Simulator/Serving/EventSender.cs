using System.Text;
using LlmGateway.Simulator.Faults;
using LlmGateway.Simulator.Wire;

namespace LlmGateway.Simulator.Serving;

/// <summary>Sends the events of a stream, one flush each, with the faults that strike between and within them.</summary>
internal sealed class EventSender(Call call)
{
    private int _sent;

    /// <summary>Sends the headers; early if there will be a wait before the first event.</summary>
    public async ValueTask StartAsync(bool early)
    {
        call.SetHeaders(200, "text/event-stream; charset=utf-8");
        call.Http.Response.Headers.CacheControl = "no-cache";
        call.Answered();
        if (early || call.Plan is not null)
        {
            await call.Http.Response.StartAsync(call.Aborted);
            await call.Http.Response.BodyWriter.FlushAsync(call.Aborted);
        }
    }

    /// <summary>Sends an event.</summary>
    /// <returns>Whether the stream goes on.</returns>
    public ValueTask<bool> SendAsync(Utf8Buffer frame)
    {
        if (call.Plan is { } plan)
        {
            return SendFaultyAsync(frame, plan);
        }

        call.EventWritten();
        ValueTask written = FaultyPipe.WriteAsync(call, frame.Span);
        return written.IsCompletedSuccessfully ? new ValueTask<bool>(true) : AwaitAsync(written);
    }

    private static async ValueTask<bool> AwaitAsync(ValueTask written)
    {
        await written;
        return true;
    }

    private async ValueTask<bool> SendFaultyAsync(Utf8Buffer frame, FaultPlan plan)
    {
        if (_sent == plan.ErrorAfter)
        {
            await FaultyPipe.WritePiecesAsync(call, Framed(ErrorFrame(plan), plan));
            return false;
        }

        if (_sent == plan.StallAfter)
        {
            await call.WaitUntilAbortedAsync();
        }

        if (_sent == plan.CutAfter)
        {
            throw new ConnectionCutException();
        }

        _sent++;
        ReadOnlyMemory<byte> bytes = _sent == plan.MalformedAt ? Broken(frame.Span) : frame.Memory;
        await FaultyPipe.WritePiecesAsync(call, Framed(bytes, plan));
        call.EventWritten();
        return true;
    }

    private static byte[] ErrorFrame(FaultPlan plan)
    {
        using var buffer = new Utf8Buffer();
        buffer.Add("data: "u8);
        if (plan.Body is { } body)
        {
            buffer.Add(body.Content);
        }
        else
        {
            StandardErrors.For(plan.Status ?? 500, plan).WriteTo(buffer);
        }

        return buffer.Add("\n\n"u8).Span.ToArray();
    }

    private static byte[] Broken(ReadOnlySpan<byte> frame) => [.. frame[..(frame.Length / 2)], .. "\n\n"u8];

    // JSON holds no raw line feed, so every one of them belongs to the framing.
    private static ReadOnlyMemory<byte> Framed(ReadOnlyMemory<byte> frame, FaultPlan plan) =>
        plan.Crlf ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(frame.Span).Replace("\n", "\r\n", StringComparison.Ordinal)) : frame;
}
