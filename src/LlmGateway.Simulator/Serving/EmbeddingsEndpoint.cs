using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using LlmGateway.Simulator.Answers;
using LlmGateway.Simulator.Reading;
using LlmGateway.Simulator.Wire;

namespace LlmGateway.Simulator.Serving;

/// <summary><c>POST /v1/embeddings</c>.</summary>
internal sealed class EmbeddingsEndpoint(RateLimiter limiter)
{
    public async Task HandleAsync(Call call)
    {
        using Utf8Buffer body = await RequestBody.ReadAsync(call);
        using var request = new EmbeddingRequest();
        ApiError? error = EmbeddingReader.Read(body.Memory, request);
        string? name = request.Model;
        ApiError? unreadable = call.ResolveFaults(ref name);
        if (call.Plan is { } plan && await Refusal.ApplyAsync(call, plan))
        {
            return;
        }

        int tokens = 0;
        foreach ((_, int count) in request.Inputs)
        {
            tokens += count;
        }

        ServedModel? model = null;
        error = call.State.CheckKey(call.Key) ?? error ?? unreadable
            ?? (call.State.TryGetModel(name!, out model) ? Check(request, model.Model) : ApiError.UnknownModel(name!))
            ?? limiter.Take(call, name!, tokens);
        if (error is not null)
        {
            await call.RefuseAsync(error);
            return;
        }

        using var buffer = new Utf8Buffer(8192);
        Write(buffer, request, model!, tokens, call.Plan is { NoUsage: true });
        await call.DelayAsync(new Timing(call.State.Options, call.Plan, model!.Seed).First());
        call.SetHeaders(200, "application/json");
        await new PlainSender(call).SendAsync(buffer.Memory);
    }

    private static ApiError? Check(EmbeddingRequest request, SimulatorModel model)
    {
        if (model.EmbeddingDimensions == 0)
        {
            return new ApiError(403, "You are not allowed to generate embeddings from this model", "invalid_request_error", null, null);
        }

        if (request.Dimensions > model.EmbeddingDimensions)
        {
            return ApiError.Invalid(
                $"Invalid value for 'dimensions' = {request.Dimensions}. Must be less than or equal to {model.EmbeddingDimensions}.", "dimensions", null);
        }

        foreach ((_, int tokens) in request.Inputs)
        {
            if (tokens > model.ContextWindow)
            {
                return ApiError.Invalid(
                    $"This model's maximum context length is {model.ContextWindow} tokens, however you requested {tokens} tokens. Please reduce your prompt.",
                    "input", "context_length_exceeded");
            }
        }

        return null;
    }

    private static void Write(Utf8Buffer buffer, EmbeddingRequest request, ServedModel model, int tokens, bool noUsage)
    {
        int dimensions = request.Dimensions ?? model.Model.EmbeddingDimensions;
        float[] rented = ArrayPool<float>.Shared.Rent(dimensions);
        Span<float> vector = rented.AsSpan(0, dimensions);
        buffer.Add("{\"object\":\"list\",\"data\":["u8);
        for (int i = 0; i < request.Inputs.Count; i++)
        {
            Embedding.Fill(vector, request.Text.Span[request.Inputs[i].Text]);
            buffer.Add(i == 0 ? ""u8 : ","u8).Add("{\"object\":\"embedding\",\"index\":"u8).Add(i).Add(",\"embedding\":"u8);
            WriteVector(buffer, vector, request.Base64);
            buffer.Add((byte)'}');
        }

        ArrayPool<float>.Shared.Return(rented);
        buffer.Add("],\"model\":"u8).Add(model.NameJson);
        if (!noUsage)
        {
            buffer.Add(",\"usage\":{\"prompt_tokens\":"u8).Add(tokens).Add(",\"total_tokens\":"u8).Add(tokens).Add((byte)'}');
        }

        buffer.Add((byte)'}');
    }

    private static void WriteVector(Utf8Buffer buffer, Span<float> vector, bool base64)
    {
        if (base64)
        {
            ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(vector);
            buffer.Add((byte)'"');
            Base64.EncodeToUtf8(bytes, buffer.GetSpan(Base64.GetMaxEncodedToUtf8Length(bytes.Length)), out _, out int written);
            buffer.Advance(written);
            buffer.Add((byte)'"');
            return;
        }

        buffer.Add((byte)'[');
        for (int i = 0; i < vector.Length; i++)
        {
            if (i > 0)
            {
                buffer.Add((byte)',');
            }

            buffer.Add(vector[i]);
        }

        buffer.Add((byte)']');
    }
}
