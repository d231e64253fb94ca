using LlmGateway.Keys;
using LlmGateway.Keys.Stores;

namespace LlmGateway.Admin;

/// <summary>
/// What every endpoint of the admin API lies behind: nothing of a request is read before its key is right, and no failure leaves
/// in another shape.
/// </summary>
internal sealed class AdminGate(AdminKey key, AdminMetrics metrics, ILogger<AdminGate> logger)
{
    /// <summary>Largest body, in bytes.</summary>
    public const int MaxBody = 64 * 1024;

    // Answers hold secrets and who has what.
    private const string NoStore = "no-store";

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        http.Response.Headers.CacheControl = NoStore;
        if (!await AuthenticatedAsync(http))
        {
            return;
        }

        if (http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = MaxBody;
        }

        try
        {
            await next(http);
        }
        catch (BadHttpRequestException exception) when (!http.Response.HasStarted)
        {
            await AdminResponse.WriteAsync(http, AdminErrors.Error(exception.StatusCode, null, exception.Message));
        }
        catch (StoreUnreachableException exception) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            http.Response.Headers.CacheControl = NoStore;
            http.Response.Headers.RetryAfter = "5";
            await AdminResponse.WriteAsync(http, AdminErrors.Unavailable(exception.Message));
        }
        catch (Exception exception) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            logger.RequestFailed(exception, http.Request.Method, http.Request.Path);
            http.Response.Clear();
            http.Response.Headers.CacheControl = NoStore;
            await AdminResponse.WriteAsync(http, AdminErrors.Failed);
        }
    }

    private async ValueTask<bool> AuthenticatedAsync(HttpContext http)
    {
        var presented = PresentedKey.Read(http.Request.Headers);
        if (presented.Problem is null && key.Matches(presented.Text))
        {
            return true;
        }

        // A flood of guesses must not flood the log: the metric has each, the log has the 1st, 2nd, 4th, 8th…
        var failures = metrics.AuthenticationFailed();
        if (long.IsPow2(failures))
        {
            logger.AuthenticationFailed(failures, http.Connection.RemoteIpAddress);
        }

        http.Response.Headers.WWWAuthenticate = "Bearer";
        await AdminResponse.WriteAsync(http, presented switch
        {
            { Problem: { } problem } => AdminErrors.Error(401, "invalid_api_key", problem),
            { Text.Length: 0 } => AdminErrors.NoKey,
            _ => AdminErrors.WrongKey,
        });
        return false;
    }
}
