using System.Net;
using LlmGateway.Configuration.Model;
using LlmGateway.Configuration.Settings;

namespace LlmGateway.Configuration.Validation;

/// <summary>Addresses, and that a key which everybody knows is not served to everybody.</summary>
internal sealed class ServerRules(GatewayConfig config, GatewayPaths paths, Snapshot? started, ReadContext context)
{
    public void Check()
    {
        var path = ConfigValidator.Section("server").Then("urls");
        for (var i = 0; i < config.Server.Urls.Count; i++)
        {
            if (context.IsWritten(path.At(i)) && config.Server.Urls[i].Length > 0 && TryParse(config.Server.Urls[i]) is null)
            {
                context.Error(
                    path.At(i), $"{Shown.Text(config.Server.Urls[i])} is not an address to listen on", "write one such as http://127.0.0.1:8080");
            }
        }

        var open = Urls.FirstOrDefault(url => TryParse(url) is { } address && !IsLoopback(address));
        if (open is not null)
        {
            RefuseDemoKeys(open);
        }
    }

    /// <summary>Those of the configuration, and those that the process listens on until it is restarted.</summary>
    private IEnumerable<string> Urls => (paths.Urls.Count > 0 ? paths.Urls : config.Server.Urls).Concat(started?.Server.Urls ?? []);

    private void RefuseDemoKeys(string open)
    {
        foreach (var (_, _, key, path) in KeyRules.All(config))
        {
            if (key.Demo)
            {
                var at = path.Then("demo");
                context.Error(at, $"a demo key while listening on {Shown.Text(open)}", "remove the demo key, or listen on 127.0.0.1 only");
            }
        }
    }

    private static BindingAddress? TryParse(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.Scheme is "http" or "https" && address.PathBase.Length == 0 ? address : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static bool IsLoopback(BindingAddress address) =>
        address.IsUnixPipe
        || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip));
}
