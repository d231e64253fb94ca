using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using LlmGateway.FunctionalTests.Hosting;
using Npgsql;

namespace LlmGateway.FunctionalTests.Processes;

/// <summary><c>tests/two-nodes.sh</c>, which an operator tries the shipped configuration of several nodes with.</summary>
[Collection(Heavy.Name)]
public sealed class TwoNodesScriptTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task It_starts_all_of_it_which_answers_and_takes_all_of_it_down_again()
    {
        using var patience = new CancellationTokenSource(Patience);
        var start = new ProcessStartInfo("bash", [Path.Combine(Readme.Root, "tests", "two-nodes.sh"), "--nodes", "2", "--print-env"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LLMGATEWAY_BINARY"] = Path.Combine(AppContext.BaseDirectory, "LlmGateway.dll");
        using var script = Process.Start(start)!;
        try
        {
            var said = new Dictionary<string, string>();
            while (!said.ContainsKey("READY"))
            {
                var line = await script.StandardOutput.ReadLineAsync(patience.Token);
                Assert.True(line is not null, line is null ? await script.StandardError.ReadToEndAsync(patience.Token) : null);
                var (name, value) = (line!.Split('=', 2)[0], line.Split('=', 2)[1]);
                said[name] = value;
            }

            Assert.True(Directory.Exists(said["FOLDER"]));
            await AnswersAsync(said["NODE_1"], said["ACME_KEY"], patience.Token);
            await AnswersAsync(said["NODE_2"], said["ACME_KEY"], patience.Token);
            await using (var database = new NpgsqlConnection(said["GATEWAY_POSTGRES"]))
            {
                await database.OpenAsync(patience.Token);
            }

            script.Signal(Signals.Terminate);
            await script.WaitForExitAsync(patience.Token);

            Assert.Equal(0, script.ExitCode);
            Assert.False(Directory.Exists(said["FOLDER"]));
            Assert.False(Directory.Exists($"/proc/{said["NODE_1_PID"]}"));
            Assert.False(Directory.Exists($"/proc/{said["NODE_2_PID"]}"));
            await using var gone = new NpgsqlConnection(said["GATEWAY_POSTGRES"] + ";Pooling=false");
            await Assert.ThrowsAsync<NpgsqlException>(() => gone.OpenAsync(patience.Token));
        }
        finally
        {
            if (!script.HasExited)
            {
                script.Signal(Signals.Terminate);
                await script.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    private static async Task AnswersAsync(string node, string key, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = new Uri(node + "/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var ready = await client.GetAsync("readyz", cancellation);
        using var answer = await client.PostAsync("v1/chat/completions", new StringContent(TestGateway.ChatBody(), Encoding.UTF8, "application/json"), cancellation);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (ready.StatusCode, answer.StatusCode));
    }
}
