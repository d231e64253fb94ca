using System.CommandLine;
using System.Reflection;

namespace LlmGateway;

/// <summary><c>version</c>: what is running.</summary>
internal static class VersionCommand
{
    public static string Version { get; } =
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static Command Create()
    {
        var command = new Command("version", "Print the version of the gateway and of .NET.");
        command.SetAction(parsed =>
        {
            parsed.InvocationConfiguration.Output.WriteLine($"llmgateway {Version} (.NET {Environment.Version})");
            return 0;
        });
        return command;
    }
}
