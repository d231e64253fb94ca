using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using LlmGateway.Gateway;
using LlmGateway.Keys;
using LlmGateway.Requests;

namespace LlmGateway.Admin;

/// <summary>
/// What a dry run is asked: an OpenAI body as a client would send it, or the same as <c>request</c> beside who would send it, when, and with
/// which of our headers.
/// </summary>
/// <param name="Endpoint">The endpoint that the body is for.</param>
/// <param name="Body">The body, with the route as its model.</param>
/// <param name="Key">Id of a virtual key; null for none.</param>
internal sealed record ExplainRequest(
    EndpointKind Endpoint, ReadOnlyMemory<byte> Body, string? Tenant, string? Key, string? User, string? Policy, string? MaxCost, DateTimeOffset? At)
{
    private static readonly string[] Known = ["request", "endpoint", "tenant", "key", "user", "policy", "max_cost", "at"];
    private static readonly (string Member, EndpointKind Endpoint)[] Signs =
        [("messages", EndpointKind.ChatCompletions), ("prompt", EndpointKind.Completions), ("input", EndpointKind.Embeddings)];

    /// <summary>Reads the body of an admin request; the error says what is wrong with it.</summary>
    public static (ExplainRequest? Request, GatewayError? Error) Read(ReadOnlyMemory<byte> body, string route)
    {
        try
        {
            // What is wrong inside the OpenAI body is for the reader of the front door to say.
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = RequestReader.MaxDepth + 1 });
            var root = document.RootElement;
            return root.ValueKind is not JsonValueKind.Object ? (null, AdminErrors.Error(400, "invalid_json", "The body must be a JSON object."))
                : EndpointOf(root) is { } endpoint ? Misplaced(root) is { } misplaced ? (null, misplaced) : (new ExplainRequest(endpoint, WithModel(root, route), null, null, null, null, null, null), null)
                : ReadWrapped(root, route);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return (null, AdminErrors.Error(400, "invalid_json", $"The body is not valid JSON: {exception.Message}"));
        }
    }

    /// <summary>A member of ours among those of a body would be taken for one of the body's, and ignored.</summary>
    private static GatewayError? Misplaced(JsonElement root)
    {
        foreach (var member in root.EnumerateObject())
        {
            // OpenAI's body has a user too, who is the same one.
            if (member.Name != "user" && Known.Contains(member.Name, StringComparer.Ordinal))
            {
                return AdminErrors.Invalid(
                    member.Name, $"'{member.Name}' is no member of an OpenAI body. Put the body under 'request', and {(member.Name == "request" ? "nothing of it" : $"'{member.Name}'")} beside it.");
            }
        }

        return null;
    }

    private static (ExplainRequest? Request, GatewayError? Error) ReadWrapped(JsonElement root, string route)
    {
        foreach (var member in root.EnumerateObject())
        {
            if (!Known.Contains(member.Name, StringComparer.Ordinal))
            {
                return (null, AdminErrors.Error(
                    400, "unknown_parameter", $"'{member.Name}' is not known here.{Nearest.Hint(member.Name, Known)} Known are {string.Join(", ", Known)}.") with
                { Param = member.Name });
            }
        }

        if (!root.TryGetProperty("request", out var request) || request.ValueKind is not JsonValueKind.Object)
        {
            return (null, AdminErrors.Invalid("request", "Send an OpenAI body with 'messages', 'input' or 'prompt', or the same as the object 'request'."));
        }

        GatewayError? error = null;
        string? Text(string name) => Value(root, name, ref error);
        EndpointKind? endpoint = Text("endpoint") is { } named ? Named(named, ref error) : EndpointOf(request);
        var at = Text("at") is { } time ? Time(time, ref error) : null;
        var read = new ExplainRequest(
            endpoint ?? EndpointKind.ChatCompletions, WithModel(request, route), Text("tenant"), Text("key"), Text("user"), Text("policy"), Text("max_cost"), at);
        return error is null ? (read, null) : (null, error);
    }

    private static EndpointKind? EndpointOf(JsonElement body)
    {
        foreach (var (member, endpoint) in Signs)
        {
            if (body.TryGetProperty(member, out _))
            {
                return endpoint;
            }
        }

        return null;
    }

    /// <summary>The bytes of the body as they are, with the model that is asked about: the estimate is that of the request itself.</summary>
    private static ReadOnlyMemory<byte> WithModel(JsonElement body, string route)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WriteString("model"u8, route);
            foreach (var member in body.EnumerateObject())
            {
                if (!member.NameEquals("model"u8))
                {
                    json.WritePropertyName(member.Name);
                    json.WriteRawValue(JsonMarshal.GetRawUtf8Value(member.Value), skipInputValidation: true);
                }
            }

            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static string? Value(JsonElement root, string name, ref GatewayError? error)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.String)
        {
            return value.GetString();
        }

        // A ceiling of money may be a number, as a policy of the configuration has it; the header knows no exponents.
        if (name == "max_cost" && value.ValueKind is JsonValueKind.Number)
        {
            if (value.TryGetDecimal(out var amount))
            {
                return amount.ToString(CultureInfo.InvariantCulture);
            }

            error ??= AdminErrors.Invalid(name, $"'{name}' must be an amount of money, such as 0.01.");
            return null;
        }

        error ??= AdminErrors.Invalid(name, $"'{name}' must be a string.");
        return null;
    }

    private static EndpointKind? Named(string name, ref GatewayError? error)
    {
        foreach (var (_, endpoint) in Signs)
        {
            if (GatewayMetrics.EndpointName(endpoint) == name)
            {
                return endpoint;
            }
        }

        error ??= AdminErrors.Invalid("endpoint", "'endpoint' must be one of chat.completions, completions, embeddings.");
        return null;
    }

    private static DateTimeOffset? Time(string text, ref GatewayError? error)
    {
        if (!KeyTimes.TryTime(text, out var time))
        {
            error ??= AdminErrors.Invalid("at", "'at' must be a time as in RFC 3339, such as '2027-01-01T00:00:00Z'.");
        }

        return time;
    }
}
