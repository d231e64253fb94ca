using System.CommandLine;
using LlmGateway.LoadTests.Cli;

namespace LlmGateway.LoadTests.Forwarder;

/// <summary>The <c>forwarder</c> sub-command.</summary>
internal static class ForwarderCommand
{
    public static Command Create()
    {
        var urls = UrlOption.Create("--urls", "Where to listen, as http://127.0.0.1:PORT.", required: true);
        var upstream = UrlOption.Create("--upstream", "The base address that every request goes to.", required: true);
        var command = new Command("forwarder", "Serve the yardstick: YARP's IHttpForwarder, once per request, and nothing else.") { urls, upstream };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var app = BareForwarder.Create(parsed.GetRequiredValue(urls)!, parsed.GetRequiredValue(upstream)!);
            await app.StartAsync(cancellationToken);
            await app.WaitForShutdownAsync(cancellationToken);
            return 0;
        });
        return command;
    }
}
