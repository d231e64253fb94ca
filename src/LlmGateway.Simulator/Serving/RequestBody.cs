using System.IO.Pipelines;
using LlmGateway.Simulator.Wire;

namespace LlmGateway.Simulator.Serving;

/// <summary>Reads a whole body into pooled memory, and its beginning into the log.</summary>
internal static class RequestBody
{
    public static async ValueTask<Utf8Buffer> ReadAsync(Call call)
    {
        PipeReader reader = call.Http.Request.BodyReader;
        var body = new Utf8Buffer((int)Math.Clamp(call.Http.Request.ContentLength ?? 0, 1024, 1 << 20));
        try
        {
            while (true)
            {
                ReadResult result = await reader.ReadAsync(call.Aborted);
                foreach (ReadOnlyMemory<byte> segment in result.Buffer)
                {
                    body.Add(segment.Span);
                }

                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    break;
                }
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }

        if (call.Entry is not null)
        {
            call.Entry.BodyLength = body.Length;
            call.Entry.Body = body.Span[..Math.Min(body.Length, call.State.Options.RequestLogBodyBytes)].ToArray();
        }

        return body;
    }
}
