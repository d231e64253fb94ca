using System.Net.Http.Headers;
using LlmGateway.Gateway;
using Microsoft.Extensions.Primitives;

namespace LlmGateway.Upstream;

/// <summary>Which headers pass, in each direction. What is not named here stays behind: keys, cookies, addresses, and whatever is invented next.</summary>
internal static class HeaderRules
{
    /// <remarks>Not <c>idempotency-key</c>: under one credential of ours, two tenants with the same value would share an answer.</remarks>
    private static readonly string[] ToProvider = ["accept", "openai-beta", "x-client-request-id"];

    private static readonly string[] ToClient = ["content-language", "openai-processing-ms", "openai-version", "openai-model"];

    private const string UserAgent = "LlmGateway";

    /// <summary>Fills the outgoing request. The credential is the provider's; the caller's never goes.</summary>
    public static void ApplyRequest(Exchange exchange, Attempt attempt, HttpRequestMessage to)
    {
        var (from, provider, credential) = (exchange.Http.Request, attempt.Deployment.Provider, attempt.Credential);
        if (attempt.Span is { Id: { } span })
        {
            // The provider's part of the trace hangs from the attempt, not from the caller's span.
            to.Headers.TryAddWithoutValidation("traceparent", span);
            Add(to.Headers, "tracestate", exchange.Spans?.State);
        }
        else
        {
            Copy(from, to, "traceparent");
            Copy(from, to, "tracestate");
        }

        foreach (var name in ToProvider)
        {
            Copy(from, to, name);
        }

        to.Headers.TryAddWithoutValidation("user-agent", UserAgent);
        if (credential is not null)
        {
            // Azure knows its keys by another header; everybody else takes a bearer.
            if (provider.Profile == "azure")
            {
                to.Headers.TryAddWithoutValidation("api-key", credential.Key.Reveal());
            }
            else
            {
                to.Headers.TryAddWithoutValidation("authorization", "Bearer " + credential.Key.Reveal());
            }
        }
    }

    /// <summary>Copies what a client may see of a provider's answer.</summary>
    public static void ApplyResponse(HttpResponseMessage from, HttpResponse to)
    {
        foreach (var name in ToClient)
        {
            if (from.Headers.NonValidated.TryGetValues(name, out var values) && values.ToString() is var value && CanPass(value))
            {
                to.Headers[name] = value;
            }
        }
    }

    private static void Copy(HttpRequest from, HttpRequestMessage to, string name)
    {
        if (from.Headers.TryGetValue(name, out var values))
        {
            Add(to.Headers, name, values);
        }
    }

    private static void Add(HttpRequestHeaders headers, string name, StringValues values)
    {
        foreach (var value in values)
        {
            if (CanPass(value))
            {
                headers.TryAddWithoutValidation(name, value);
            }
        }
    }

    /// <summary>
    /// The client refuses to send anything else, and Kestrel to answer with it: the exchange would fail, and by the wrong one's fault.
    /// </summary>
    private static bool CanPass(ReadOnlySpan<char> value) => !value.ContainsAnyExceptInRange(' ', '~');
}
