using LlmGateway.Simulator.Wire;

namespace LlmGateway.Simulator.Serving;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>.</summary>
internal static class ModelsEndpoint
{
    /// <param name="call">The request.</param>
    /// <param name="id">The one model that is asked for, or null for all.</param>
    public static async Task HandleAsync(Call call, string? id)
    {
        string? name = id;
        ApiError? unreadable = call.ResolveFaults(ref name);
        if (call.Plan is { } plan && await Refusal.ApplyAsync(call, plan))
        {
            return;
        }

        ServedModel? model = null;
        ApiError? error = call.State.CheckKey(call.Key) ?? unreadable
            ?? (name is null || call.State.TryGetModel(name, out model) ? null : ApiError.UnknownModel(name));
        if (error is not null)
        {
            await call.RefuseAsync(error);
            return;
        }

        call.SetHeaders(200, "application/json");
        using var buffer = new Utf8Buffer();
        if (model is null)
        {
            buffer.Add(call.State.ModelsJson);
        }
        else
        {
            model.WriteTo(buffer);
        }

        await new PlainSender(call).SendAsync(buffer.Memory);
    }
}
