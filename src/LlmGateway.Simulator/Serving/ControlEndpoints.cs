using System.Text.Json;
using LlmGateway.Simulator.Faults;
using LlmGateway.Simulator.Wire;
using Microsoft.AspNetCore.Http;

namespace LlmGateway.Simulator.Serving;

/// <summary><c>/_sim/faults</c>, <c>/_sim/requests</c>, <c>/_sim/options</c>: for tests in other processes and for people with curl.</summary>
internal sealed class ControlEndpoints(SimulatorEngine engine)
{
    public async Task HandleAsync(HttpContext http, string path)
    {
        try
        {
            await DispatchAsync(http, $"{http.Request.Method} {path}");
        }
        catch (Exception error) when (error is JsonException or FormatException or ArgumentException)
        {
            using var buffer = new Utf8Buffer();
            ApiError.Invalid(error.Message, null, null).WriteTo(buffer);
            await SendAsync(http, 400, buffer);
        }
    }

    private async Task DispatchAsync(HttpContext http, string what)
    {
        using var buffer = new Utf8Buffer();
        switch (what)
        {
            case "POST /_sim/faults":
                await AddFaultsAsync(http);
                goto case "GET /_sim/faults";
            case "DELETE /_sim/faults":
                engine.Faults.Clear();
                goto case "GET /_sim/faults";
            case "GET /_sim/faults":
                ControlWriter.WriteRules(buffer, engine.Faults.Snapshot());
                break;
            case "DELETE /_sim/requests":
                engine.Requests.Clear();
                goto case "GET /_sim/requests";
            case "GET /_sim/requests":
                ControlWriter.WriteRequests(buffer, engine.Requests.Snapshot());
                break;
            case "POST /_sim/options":
                using (JsonDocument patch = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted))
                {
                    engine.Options = OptionsPatch.Apply(engine.Options, patch.RootElement);
                }

                goto case "GET /_sim/options";
            case "GET /_sim/options":
                ControlWriter.WriteOptions(buffer, engine.Options);
                break;
            default:
                ApiError.Invalid($"Invalid URL ({what})", null, null).WriteTo(buffer);
                await SendAsync(http, 404, buffer);
                return;
        }

        await SendAsync(http, 200, buffer);
    }

    private async Task AddFaultsAsync(HttpContext http)
    {
        using JsonDocument document = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            engine.Faults.Add(ReadRule(document.RootElement));
            return;
        }

        foreach (FaultRule rule in document.RootElement.EnumerateArray().Select(ReadRule).ToArray())
        {
            engine.Faults.Add(rule);
        }
    }

    private static FaultRule ReadRule(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("a rule is an object with fault, and optionally path, model, count, probability");
        }

        var rule = new FaultRule("");
        foreach (JsonProperty member in element.EnumerateObject())
        {
            rule = member.Name switch
            {
                "fault" when member.Value.ValueKind == JsonValueKind.String => rule with { Fault = member.Value.GetString()! },
                "path" when member.Value.ValueKind == JsonValueKind.String => rule with { Path = member.Value.GetString() },
                "model" when member.Value.ValueKind == JsonValueKind.String => rule with { Model = member.Value.GetString() },
                "count" when member.Value.TryGetInt32(out int count) => rule with { Count = count },
                "probability" when member.Value.TryGetDouble(out double probability) => rule with { Probability = probability },
                _ => throw new FormatException($"'{member.Name}' is not a member of a rule, or its value is unusable"),
            };
        }

        return rule;
    }

    private static async Task SendAsync(HttpContext http, int status, Utf8Buffer buffer)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = buffer.Length;
        await http.Response.BodyWriter.WriteAsync(buffer.Memory, http.RequestAborted);
    }
}
