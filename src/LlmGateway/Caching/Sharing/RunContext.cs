using Microsoft.AspNetCore.Http.Features;

namespace LlmGateway.Caching.Sharing;

/// <summary>Makes the HTTP context of a run: the request as it was, and a response of its own.</summary>
internal static class RunContext
{
    /// <param name="response">Null for an exchange that only lends its request.</param>
    public static DefaultHttpContext Of(HttpContext from, RunResponse? response)
    {
        var features = new FeatureCollection(initialCapacity: 8);
        features.Set<IHttpRequestFeature>(RequestOf(from.Request));
        if (response is null)
        {
            features.Set<IHttpResponseFeature>(new HttpResponseFeature());
            return new DefaultHttpContext(features);
        }

        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(response);
        features.Set<IHttpRequestLifetimeFeature>(response);
        return new DefaultHttpContext(features);
    }

    /// <summary>A copy, since the server uses its own again as soon as the client has been answered.</summary>
    private static HttpRequestFeature RequestOf(HttpRequest request)
    {
        var copy = new HttpRequestFeature
        {
            // A run may answer clients of several protocols; none of them upgrades.
            Protocol = HttpProtocol.Http11,
            Scheme = request.Scheme,
            Method = request.Method,
            PathBase = request.PathBase,
            Path = request.Path,
            QueryString = request.QueryString.Value ?? "",
            RawTarget = request.Path,
            Body = System.IO.Stream.Null,
        };
        foreach (var (name, values) in request.Headers)
        {
            copy.Headers[name] = values;
        }

        return copy;
    }
}
