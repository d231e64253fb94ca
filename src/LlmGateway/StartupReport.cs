using LlmGateway.Catalog;

namespace LlmGateway;

/// <summary>What a person wants to know when the gateway has started.</summary>
internal static class StartupReport
{
    public static void Write(TextWriter output, GatewayHost gateway)
    {
        var snapshot = gateway.Snapshot;
        var address = gateway.Addresses.First();
        output.WriteLine($"LlmGateway {VersionCommand.Version}");
        output.WriteLine($"  listening   {string.Join(", ", gateway.Addresses)}");
        output.WriteLine($"  base URL    {address}/v1");
        output.WriteLine($"  metrics     {address}/metrics");
        output.WriteLine($"  dashboard   none in this version; its figures are under {address}/admin/v1 and /metrics");
        output.WriteLine($"  admin API   {address}/admin/v1 (described by {address}/admin/v1/openapi.json; key in {gateway.AdminKeySource})");
        output.WriteLine("  docs        README.md, config/README.md");
        output.WriteLine($"  data        {snapshot.DataFolder}");
        output.WriteLine($"  routes      {Names(snapshot.Routes.Keys)}");
        output.WriteLine($"  providers   ready: {Names(snapshot.Providers.Values.Where(static provider => provider.Usable).Select(Described))}");
        var missing = snapshot.Providers.Values.Where(static provider => !provider.Usable).Select(static provider => provider.Name).ToList();
        if (missing.Count > 0)
        {
            output.WriteLine($"              without a credential: {Names(missing)}");
        }

        if (snapshot.Keys.Any(static key => key.Demo))
        {
            output.WriteLine("  demo key    in force: loopback only");
        }

        output.Flush();
    }

    private static string Described(Provider provider) => provider.Builtin ? $"{provider.Name} (in process)" : provider.Name;

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal)) is { Length: > 0 } text ? text : "none";
}
