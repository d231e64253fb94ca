using System.CommandLine;
using LlmGateway.Configuration;

namespace LlmGateway.Admin;

/// <summary>How commands that ask a running gateway find it: address and admin key.</summary>
internal static class GatewayAddress
{
    public static Option<string?> Url { get; } = new("--url") { Description = "Where the gateway listens. Default: LLMGATEWAY_URLS, else server.urls of the configuration." };

    public static Option<string?> Data { get; } = new("--data") { Description = "Its data folder, for the admin key. Default: LLMGATEWAY_DATA, else data.path of the configuration." };

    public static Option<string?> Config { get; } = new("--config") { Description = "Its configuration file. Default: LLMGATEWAY_CONFIG, else config/gateway.yaml." };

    /// <summary>What to call; or in one line why that is not known.</summary>
    /// <param name="dataFolder">The data folder, where neither option nor environment says.</param>
    /// <param name="url">Where the gateway listens, likewise.</param>
    public static (AdminCall? Call, string? Problem) Find(ParseResult parsed, Func<GatewayPaths, string> dataFolder, Func<GatewayPaths, string> url)
    {
        var paths = GatewayPaths.Resolve(parsed.GetValue(Config), parsed.GetValue(Data), null);
        var address = Reachable(parsed.GetValue(Url) ?? url(paths));
        if (!Uri.TryCreate(address, UriKind.Absolute, out var gateway) || gateway.Scheme is not ("http" or "https"))
        {
            return (null, $"--url: '{address}' is no address such as http://127.0.0.1:8080.");
        }

        var (key, problem) = AdminCall.FindKey(dataFolder(paths));
        return key is null ? (null, problem) : (new AdminCall(gateway, key), null);
    }

    // A gateway that listens everywhere is reached on loopback.
    private static string Reachable(string url)
    {
        foreach (var everywhere in (string[])["//0.0.0.0", "//[::]", "//*", "//+"])
        {
            url = url.Replace(everywhere, "//127.0.0.1", StringComparison.Ordinal);
        }

        return url;
    }
}
