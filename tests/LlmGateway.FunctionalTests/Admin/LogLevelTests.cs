using System.Net;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.FunctionalTests.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmGateway.FunctionalTests.Admin;

public class LogLevelTests
{
    [Fact]
    public async Task What_is_logged_changes_at_once_and_back()
    {
        var log = new LogCapture();
        await using var gateway = await TestGateway.StartAsync(configure: services => services.AddSingleton<ILoggerProvider>(log));
        var admin = new AdminClient(gateway);
        Assert.Equal("warning", (await admin.SendAsync(HttpMethod.Get, "log-level"))["level"]);
        await gateway.ChatAsync();
        Assert.DoesNotContain(log.Lines, IsOfAnExchange);

        var set = await admin.SendAsync(HttpMethod.Put, "log-level", """{"level":"information","category":"LlmGateway.Gateway"}""");
        Assert.Equal(HttpStatusCode.OK, set.Status);
        await gateway.ChatAsync();
        await gateway.ScrapeUntilAsync(static scrape => scrape.Sum("llmgateway_requests_total") == 2);
        Assert.Single(log.Lines, IsOfAnExchange);

        await admin.SendAsync(HttpMethod.Put, "log-level", """{"level":null,"category":"LlmGateway.Gateway"}""");
        await gateway.ChatAsync();
        await admin.SendAsync(HttpMethod.Put, "log-level", """{"level":"debug"}""");
        await gateway.ChatAsync();
        await gateway.ScrapeUntilAsync(static scrape => scrape.Sum("llmgateway_requests_total") == 4);
        Assert.Equal(2, log.Lines.Count(IsOfAnExchange));
    }

    [Theory]
    [InlineData("""{"level":"loud"}""", "trace, debug, information, warning, error")]
    [InlineData("""{"level":null}""", "only with a category")]
    [InlineData("""{"level":"debug","category":""}""", "empty")]
    [InlineData("""{"category":"x"}""", "is missing")]
    [InlineData("""{"level":"1"}""", "trace, debug")]
    public async Task What_cannot_be_set_is_said(string body, string expected)
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await new AdminClient(gateway).SendAsync(HttpMethod.Put, "log-level", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(expected, answer.Text, StringComparison.Ordinal);
    }

    private static bool IsOfAnExchange(string line) => line.Contains("chat.completions 200", StringComparison.Ordinal);
}
