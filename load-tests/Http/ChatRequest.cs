using System.Text;
using LlmGateway.LoadTests.Processes;

namespace LlmGateway.LoadTests.Http;

/// <summary>One chat request, made once and sent many times.</summary>
/// <param name="Url">Where it goes.</param>
/// <param name="Key">Sent as bearer.</param>
/// <param name="Body">The JSON.</param>
/// <param name="Streamed">Whether the answer is asked for as a stream.</param>
internal sealed record ChatRequest(Uri Url, string Key, byte[] Body, bool Streamed)
{
    // With the JSON around it this makes a body of about 0.5 KB.
    private const string Question =
        "A customer writes: the parcel with order number 4711 was announced for Tuesday, the courier's page says delivered, but nobody in the "
        + "house has seen it. Please tell me in two friendly sentences what happens next, how long the search for the parcel usually takes, and "
        + "whether the customer has to fill in a form. Do not promise a refund, and do not ask for the order number again.";

    public static ChatRequest For(Target target, int maxTokens, bool streamed)
    {
        var body = $$"""
            {"model":"{{target.Model}}","messages":[{"role":"system","content":"You answer for a parcel service."},{"role":"user","content":"{{Question}}"}],"max_tokens":{{maxTokens}},"temperature":0.2{{(streamed ? ",\"stream\":true" : "")}}}
            """;
        return new ChatRequest(target.ChatUrl, target.Key, Encoding.UTF8.GetBytes(body), streamed);
    }
}
