using System.Text;
using LlmGateway.Gateway;
using LlmGateway.Requests;

namespace LlmGateway.Tests.Requests;

/// <summary>Short ways to read a body in a test.</summary>
internal static class Bodies
{
    public static InferenceRequest Accept(string json, EndpointKind endpoint = EndpointKind.ChatCompletions) =>
        Accept(Encoding.UTF8.GetBytes(json), endpoint);

    public static InferenceRequest Accept(byte[] json, EndpointKind endpoint = EndpointKind.ChatCompletions)
    {
        Assert.True(RequestReader.TryRead(endpoint, json, null, out var request, out var error), error?.Message);
        return request!;
    }

    public static GatewayError Refuse(string json, EndpointKind endpoint = EndpointKind.ChatCompletions) =>
        Refuse(Encoding.UTF8.GetBytes(json), endpoint);

    public static GatewayError Refuse(byte[] json, EndpointKind endpoint = EndpointKind.ChatCompletions)
    {
        Assert.False(RequestReader.TryRead(endpoint, json, null, out _, out var error), "The body was accepted.");
        Assert.Equal(400, error!.Status);
        Assert.Equal("invalid_request_error", error.Type);
        Assert.Equal(Fault.Caller, error.Fault);
        Assert.False(error.Retryable);
        return error;
    }

    /// <summary>A chat with the members given besides model and messages.</summary>
    public static string Chat(string members) => $$"""{"model":"chat","messages":[{"role":"user","content":"Hi"}],{{members}}}""";

    public static string Rewrite(string json, string model = "up", bool askUsage = true, EndpointKind endpoint = EndpointKind.ChatCompletions) =>
        Encoding.UTF8.GetString(Rewrite(Accept(json, endpoint), model, askUsage));

    public static byte[] Rewrite(InferenceRequest request, string model, bool askUsage)
    {
        var outgoing = RequestRewriter.Rewrite(request, ModelLiteral.Encode(model), askUsage);
        using var copy = new MemoryStream();
        using var stream = outgoing.OpenRead();
        stream.CopyTo(copy);
        Assert.Equal(outgoing.Length, copy.Length);
        return copy.ToArray();
    }
}
