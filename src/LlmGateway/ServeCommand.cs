using System.CommandLine;
using LlmGateway.Configuration;
using LlmGateway.Keys;
using LlmGateway.Storage;

namespace LlmGateway;

/// <summary><c>serve</c>, and what the binary does when no command is named.</summary>
internal static class ServeCommand
{
    private static readonly Option<string?> Config = new("--config") { Description = "Path of gateway.yaml. Default: LLMGATEWAY_CONFIG, else config/gateway.yaml." };
    private static readonly Option<string?> Data = new("--data") { Description = "Data folder. Default: LLMGATEWAY_DATA, else data.path of the configuration." };

    private static readonly Option<string[]> Urls = new("--urls")
    {
        Description = "Addresses to listen on. Default: LLMGATEWAY_URLS, else server.urls of the configuration.",
        AllowMultipleArgumentsPerToken = true,
    };

    public static Command Create()
    {
        var command = new Command("serve", "Run the gateway (the default command).") { Config, Data, Urls };
        command.SetAction(RunAsync);
        return command;
    }

    /// <summary>Makes the root command serve, with the same options.</summary>
    public static void MakeDefault(RootCommand root)
    {
        root.Options.Add(Config);
        root.Options.Add(Data);
        root.Options.Add(Urls);
        root.SetAction(RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var paths = GatewayPaths.Resolve(parsed.GetValue(Config), parsed.GetValue(Data), parsed.GetValue(Urls));
        var output = parsed.InvocationConfiguration.Output;
        using var signals = new StopSignals();
        try
        {
            await using var gateway = await GatewayHost.StartAsync(paths, TimeProvider.System, configure: null, signals.Asked);
            StartupReport.Write(output, gateway);
            await gateway.StoppedAsync(signals.Asked);
            await gateway.StopAsync(signals.Hurried);
            return 0;
        }
        catch (Exception problem) when (problem is StorageException or SecretUnusableException)
        {
            throw new UserErrorException(problem.Message, problem);
        }
    }
}
