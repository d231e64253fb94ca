namespace LlmGateway.Configuration;

/// <summary>Where the gateway finds its configuration and keeps its data.</summary>
/// <param name="ConfigFile">Absolute path of <c>gateway.yaml</c>.</param>
/// <param name="DataFolder">Absolute path given on the command line or in the environment; null to take <c>data.path</c> of the configuration.</param>
/// <param name="Urls">Given on the command line or in the environment; empty to take <c>server.urls</c> of the configuration.</param>
internal sealed record GatewayPaths(string ConfigFile, string? DataFolder, IReadOnlyList<string> Urls)
{
    /// <summary>
    /// Option, else environment, else default. The default configuration is <c>config/gateway.yaml</c> under the working directory,
    /// or, where there is none, the one that travels with the binary.
    /// </summary>
    public static GatewayPaths Resolve(string? config, string? data, IReadOnlyList<string>? urls)
    {
        config = NullIfEmpty(config) ?? NullIfEmpty(Environment.GetEnvironmentVariable("LLMGATEWAY_CONFIG"));
        if (config is null)
        {
            config = Path.Combine(Environment.CurrentDirectory, "config", "gateway.yaml");
            if (!File.Exists(config))
            {
                config = Path.Combine(AppContext.BaseDirectory, "config", "gateway.yaml");
            }
        }

        data = NullIfEmpty(data) ?? NullIfEmpty(Environment.GetEnvironmentVariable("LLMGATEWAY_DATA"));
        urls = urls?.Where(static url => !string.IsNullOrWhiteSpace(url)).ToArray();
        if (urls is not { Count: > 0 })
        {
            urls = (Environment.GetEnvironmentVariable("LLMGATEWAY_URLS") ?? "").Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }

        return new GatewayPaths(Path.GetFullPath(config), data is null ? null : Path.GetFullPath(data), urls);
    }

    private static string? NullIfEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
