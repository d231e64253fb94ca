using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace LlmGateway.FunctionalTests.Sdk;

/// <summary>Runs a file of tests in the folder Node, where the official npm SDK is installed.</summary>
internal static class NodeScript
{
    public static async Task RunAsync(string file, Uri url, string key, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(SourceFolder(), "Node");
        Assert.True(Directory.Exists(Path.Combine(folder, "node_modules", "openai")), "run `npm ci` in tests/LlmGateway.FunctionalTests/Node, or tests/run.sh");
        var start = new ProcessStartInfo("node", ["--test", file])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["GATEWAY_URL"] = url.AbsoluteUri, ["GATEWAY_KEY"] = key },
        };

        using var node = Process.Start(start)!;
        var output = node.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = node.StandardError.ReadToEndAsync(cancellationToken);
        await node.WaitForExitAsync(cancellationToken);

        Assert.True(node.ExitCode == 0, await output + await errors);
        Assert.Contains("# fail 0", await output, StringComparison.Ordinal);
    }

    private static string SourceFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(Path.GetDirectoryName(file))!;
}
