using System.Net;
using Yarp.ReverseProxy.Forwarder;

namespace LlmGateway.LoadTests.Forwarder;

/// <summary>The least that YARP can do: no routing, no logging, no limits. What the gateway costs beyond it is what the gateway does.</summary>
internal static class BareForwarder
{
    public static WebApplication Create(Uri urls, Uri upstream)
    {
        // The builder watches the content root and all below it. That must not be the working directory, which holds the gateway's data:
        // the kernel would announce every write of its ledger to this process, at the gateway's cost.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(urls.AbsoluteUri);
        builder.Services.AddHttpForwarder();

        var app = builder.Build();
        var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
        var client = new HttpMessageInvoker(NewHandler());
        var destination = upstream.AbsoluteUri;
        var transformer = new HostTransformer();
        app.Run(async context => await forwarder.SendAsync(context, destination, client, ForwarderRequestConfig.Empty, transformer));
        return app;
    }

    private static SocketsHttpHandler NewHandler() => new()
    {
        EnableMultipleHttp2Connections = true,
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(15),
        KeepAlivePingDelay = TimeSpan.FromSeconds(30),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
    };

    /// <summary>Copies everything; only the host is the upstream's own.</summary>
    private sealed class HostTransformer : HttpTransformer
    {
        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            proxyRequest.Headers.Host = null;
        }
    }
}
