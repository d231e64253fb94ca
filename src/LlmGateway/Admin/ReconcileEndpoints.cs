using System.Globalization;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Reports.Reconciliation;
using LlmGateway.Storage.Postgres;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace LlmGateway.Admin;

/// <summary><c>POST /admin/v1/reconcile</c>: holds a provider's export, which is the body, against the ledger.</summary>
internal static class ReconcileEndpoints
{
    private const long MostBytes = 256L << 20;

    public static void MapReconcileEndpoints(this IEndpointRouteBuilder admin) => admin.MapPost("reconcile", (RequestDelegate)PostAsync);

    private static async Task PostAsync(HttpContext http)
    {
        var query = new AdminQuery(http, "provider", "mapping", "tolerance");
        var services = http.RequestServices;
        var (provider, mapping) = (query.Text("provider"), query.Text("mapping"));
        var tolerance = 0.01m;
        if (query.Text("tolerance") is { } text && !(decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out tolerance) && tolerance <= 1))
        {
            query.Fail("tolerance", "'tolerance' must be a share from 0 to 1, such as 0.01.");
        }

        if (string.IsNullOrEmpty(provider) || !services.GetRequiredService<ISnapshotSource>().Current.Providers.ContainsKey(provider))
        {
            query.Fail("provider", "'provider' must be the name of a provider of the configuration.");
        }

        if (string.IsNullOrEmpty(mapping))
        {
            query.Fail("mapping", "'mapping' must be the name of a file of config/reconcile, without .yaml.");
        }

        if (query.Problem is { } problem)
        {
            await AdminResponse.WriteAsync(http, problem);
            return;
        }

        try
        {
            await RunAsync(http, provider!, mapping!, tolerance);
        }
        catch (ReconciliationException wrong)
        {
            await AdminResponse.WriteAsync(http, AdminErrors.Error(400, "invalid_export", wrong.Message));
        }
        catch (PostgresUnavailableException error)
        {
            await AdminResponse.WriteAsync(http, AdminErrors.LedgerUnavailable($"{error.Message}. Without it the comparison would be wrong: try again when /readyz no longer names it."));
        }
    }

    private static async Task RunAsync(HttpContext http, string provider, string name, decimal tolerance)
    {
        var services = http.RequestServices;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = MostBytes;
        }

        // The readers of exports read synchronously, which a request body does not allow.
        var mapping = Mapping.Read(MappingFiles.Named(name, services.GetRequiredService<GatewayPaths>()));
        await using var export = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.DeleteOnClose);
        await http.Request.Body.CopyToAsync(export, http.RequestAborted);
        export.Position = 0;
        var view = ReconciliationView.Of(await services.GetRequiredService<Reconciler>().RunAsync(provider, mapping, export, tolerance, http.RequestAborted));
        if (view.Drifting > 0)
        {
            services.GetRequiredService<IOperatorAlerts>().Tell(
                new OperatorAlert(AlertTypes.Drift, Tenant: "", Route: "", Part: provider, view.Sentence(), services.GetRequiredService<TimeProvider>().GetUtcNow()));
        }

        await AdminResponse.WriteAsync(http, 200, view, ReconciliationJson.Default.ReconciliationView);
    }
}
