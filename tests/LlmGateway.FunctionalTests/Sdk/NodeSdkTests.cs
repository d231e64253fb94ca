using System.Diagnostics;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Sdk;

public class NodeSdkTests
{
    /// <summary>Node/sdk.test.mjs has a test for each thing an application does; this one runs it against a real gateway.</summary>
    [Fact]
    public async Task The_official_npm_SDK_works_unmodified()
    {
        using var configuration = SdkConfiguration.Create();
        await using var gateway = await TestGateway.StartAsync(configuration);
        var folder = Path.Combine(SourceFolder(), "Node");
        Assert.True(Directory.Exists(Path.Combine(folder, "node_modules", "openai")), "run `npm ci` in tests/LlmGateway.FunctionalTests/Node, or tests/run.sh");
        var start = new ProcessStartInfo("node", ["--test", "sdk.test.mjs"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["GATEWAY_URL"] = gateway.BaseUrl.AbsoluteUri, ["GATEWAY_KEY"] = TestConfiguration.Key },
        };

        using var node = Process.Start(start)!;
        var output = node.StandardOutput.ReadToEndAsync(gateway.Soon);
        var errors = node.StandardError.ReadToEndAsync(gateway.Soon);
        await node.WaitForExitAsync(gateway.Soon);

        Assert.True(node.ExitCode == 0, await output + await errors);
        Assert.Contains("# fail 0", await output, StringComparison.Ordinal);
    }

    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        Path.GetDirectoryName(Path.GetDirectoryName(file))!;
}
