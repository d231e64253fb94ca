using System.CommandLine;
using System.Text.Json;
using LlmGateway.Admin;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Admin;

/// <summary>What <c>top</c> shows of a running gateway.</summary>
public class TopTests
{
    private static readonly Dictionary<string, string> Faults = new() { ["fails"] = "status=503" };

    [Fact]
    public async Task Routes_deployments_and_spend_are_those_of_the_metrics()
    {
        using var configuration = new TestConfiguration(Faults);
        await using var gateway = await TestGateway.StartAsync(configuration);
        await gateway.ChatAsync();
        await gateway.StreamAsync();
        await gateway.ChatAsync(model: "fails");
        await gateway.ChatAsync("\"stream\":7");
        var scrape = await gateway.ScrapeUntilAsync(static scrape => scrape.Sum("llmgateway_requests_total") == 4);

        var live = JsonSerializer.Deserialize((await new AdminClient(gateway).GetAsync("live")).Text, AdminJson.Default.LiveView)!;

        var chat = Assert.Single(live.Routes, static route => route.Name == "chat");
        Assert.Equal((2, 0, 0, 1, 1, 1), (chat.Requests, chat.Spoilt, chat.InFlight, chat.Usable, chat.Deployments, chat.FirstToken.Count));
        var fails = Assert.Single(live.Routes, static route => route.Name == "fails");
        Assert.Equal((1, 1), (fails.Requests, fails.Spoilt));
        var deployment = Assert.Single(live.Deployments, static one => one.Name == "sim/fails");
        Assert.Equal((1, 1, "closed", 1.0), (deployment.Attempts, deployment.Failures, deployment.State, deployment.Headroom));
        Assert.Equal("off", Assert.Single(live.Deployments, static one => one.Name == "locked/model").State);
        var spend = Assert.Single(live.Spend);
        Assert.Equal(("acme", "USD", scrape.Sum("llmgateway_cost_total")), (spend.Tenant, spend.Currency, spend.Amount));
        Assert.Equal(2, live.Overhead.Count);
    }

    [Fact]
    public async Task One_look_is_printed_and_ends()
    {
        await using var gateway = await TestGateway.StartAsync();
        await gateway.ChatAsync();

        var (code, output, error) = await RunAsync(gateway, "--once", "--interval", "0.1");

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("first token p50", output, StringComparison.Ordinal);
        Assert.Contains(output.Split('\n'), static line => line.Contains("chat", StringComparison.Ordinal) && line.Contains("1 of 1", StringComparison.Ordinal));
        Assert.Contains(output.Split('\n'), static line => line.Contains("locked", StringComparison.Ordinal) && line.Contains("0 of 1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_gateway_that_is_not_there_is_said_in_one_line()
    {
        var gateway = await TestGateway.StartAsync();
        await gateway.Host.StopAsync(CancellationToken.None);

        var (code, _, error) = await RunAsync(gateway, "--once");

        Assert.Equal(1, code);
        Assert.Contains("no gateway can be reached there", error, StringComparison.Ordinal);
        await gateway.DisposeAsync();
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(TestGateway gateway, params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var root = new RootCommand { TopCommand.Create(_ => gateway.Configuration.DataFolder, _ => gateway.Host.Addresses.First(), TimeProvider.System) };
        var code = await root.Parse(["top", .. args]).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString().Trim());
    }
}
