using System.Diagnostics;
using LlmGateway.Configuration;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests;

/// <summary>What the README says is so.</summary>
public class ReadmeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>All of them in one shell and in their order, since some use what an earlier one has set.</summary>
    [Fact]
    public async Task Every_call_of_the_README_works_on_the_shipped_configuration()
    {
        var folder = Directory.CreateTempSubdirectory("llmgateway-readme-").FullName;
        try
        {
            var paths = new GatewayPaths(Path.Combine(Readme.Root, "config", "gateway.yaml"), Path.Combine(folder, "data"), ["http://127.0.0.1:0"]);
            await using var gateway = await GatewayHost.StartAsync(paths, TimeProvider.System, configure: null, CancellationToken.None);
            Assert.True(Readme.Calls.Count >= 6, $"only {Readme.Calls.Count} blocks were found");

            var (exitCode, output) = await ShellAsync(folder, string.Join('\n', Readme.Calls).Replace("http://127.0.0.1:8080", gateway.Addresses.First(), StringComparison.Ordinal));

            Assert.True(exitCode == 0, output);
            Assert.Contains("chat.completion", output, StringComparison.Ordinal);
            Assert.Contains("data: [DONE]", output, StringComparison.Ordinal);
            Assert.Contains("project,day,tag:team,requests", output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Every_file_that_the_README_links_exists() =>
        Assert.All(Readme.Links, link => Assert.True(Path.Exists(Path.Combine(Readme.Root, link)), link));

    [Fact]
    public void Every_variable_of_the_README_is_read_somewhere() =>
        Assert.All(Readme.Variables, name => Assert.Contains($"\"{name}\"", Readme.Source, StringComparison.Ordinal));

    [Fact]
    public void Every_metric_of_the_README_is_an_instrument() =>
        Assert.All(Readme.Metrics, name => Assert.Contains($"\"{name}\"", Readme.Source, StringComparison.Ordinal));

    [Fact]
    public void Every_error_code_of_the_README_is_given_somewhere()
    {
        Assert.True(Readme.ErrorCodes.Count() > 20, "the table of errors was not found");
        Assert.All(Readme.ErrorCodes, code => Assert.Contains($"\"{code}\"", Readme.Source, StringComparison.Ordinal));
    }

    private static async Task<(int ExitCode, string Output)> ShellAsync(string folder, string script)
    {
        // An answer that is an error must end the script with what it says.
        var start = new ProcessStartInfo("bash", ["-c", "set -eo pipefail; curl() { command curl -sS --fail-with-body \"$@\"; echo; }\n" + script])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var patience = new CancellationTokenSource(Patience);
        using var shell = Process.Start(start)!;
        var output = shell.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = shell.StandardError.ReadToEndAsync(patience.Token);
        await shell.WaitForExitAsync(patience.Token);
        return (shell.ExitCode, await output + await errors);
    }
}
