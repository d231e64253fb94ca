using LlmGateway.Simulator.Faults;

namespace LlmGateway.Simulator.Serving;

/// <summary>Sends a body in one piece, with the faults that strike within it. Status and headers are set already.</summary>
internal sealed class PlainSender(Call call)
{
    public async ValueTask SendAsync(ReadOnlyMemory<byte> body)
    {
        FaultPlan? plan = call.Plan;
        if (plan?.MalformedAt is not null)
        {
            body = body[..(body.Length / 2)];
        }

        // Blank lines may have gone before, and then the length of the whole is anyone's guess.
        if (!call.Http.Response.HasStarted)
        {
            call.Http.Response.ContentLength = body.Length;
        }

        call.Answered();
        if (plan is null)
        {
            await FaultyPipe.WriteAsync(call, body.Span);
            return;
        }

        int whole = Math.Min(Math.Min(plan.CutAfter ?? body.Length, plan.StallAfter ?? body.Length), body.Length);
        await FaultyPipe.WritePiecesAsync(call, body[..whole]);
        if (whole == body.Length)
        {
            return;
        }

        await call.Http.Response.StartAsync(call.Aborted);
        await call.Http.Response.BodyWriter.FlushAsync(call.Aborted);
        if (whole == plan.StallAfter)
        {
            await call.WaitUntilAbortedAsync();
        }

        throw new ConnectionCutException();
    }
}
