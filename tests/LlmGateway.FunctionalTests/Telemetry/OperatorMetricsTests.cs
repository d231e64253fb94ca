using LlmGateway.Configuration;
using LlmGateway.FunctionalTests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.FunctionalTests.Telemetry;

/// <summary>The figures that alerts go by.</summary>
public class OperatorMetricsTests
{
    [Fact]
    public async Task A_refused_configuration_shows_until_it_is_mended()
    {
        using var configuration = new TestConfiguration();
        await using var gateway = await TestGateway.StartAsync(configuration);
        var reloader = gateway.Host.Services.GetRequiredService<ConfigurationReloader>();

        Assert.Equal(0, (await gateway.ScrapeAsync()).Sum("llmgateway_config_refused"));
        configuration.Edit("sim/small:", "sim/smaller:");
        reloader.Reload();
        Assert.Equal(1, (await gateway.ScrapeAsync()).Sum("llmgateway_config_refused"));
        configuration.Edit("sim/smaller:", "sim/small:");
        reloader.Reload();
        Assert.Equal(0, (await gateway.ScrapeAsync()).Sum("llmgateway_config_refused"));
    }

    [Fact]
    public async Task Answers_without_a_price_and_without_usage_are_counted()
    {
        using var configuration = new TestConfiguration(new Dictionary<string, string> { ["quiet"] = "nousage", ["fails"] = "status=500" });
        await using var gateway = await TestGateway.StartAsync(configuration);

        await gateway.ChatAsync(model: "free");
        await gateway.ChatAsync(model: "quiet");
        await gateway.ChatAsync(model: "fails");
        await gateway.ChatAsync();

        var scrape = await gateway.ScrapeUntilAsync(static scrape => scrape.Sum("llmgateway_requests_total") == 4);
        Assert.Equal(1, scrape.Sum("llmgateway_unpriced_attempts_total", "deployment=\"sim/unpriced\"", "tenant=\"acme\""));
        Assert.Equal(1, scrape.Sum("llmgateway_unpriced_attempts_total"));
        Assert.Equal(1, scrape.Sum("llmgateway_estimated_attempts_total", "deployment=\"sim/quiet\""));
        Assert.Equal(1, scrape.Sum("llmgateway_estimated_attempts_total"));
    }

    [Fact]
    public async Task A_provider_that_speaks_no_TLS_is_counted()
    {
        await using var plain = await EchoUpstream.StartAsync();
        using var configuration = new TestConfiguration();
        configuration.WithUpstream(new UriBuilder(plain.BaseAddress) { Scheme = "https" }.Uri);
        await using var gateway = await TestGateway.StartAsync(configuration);

        await gateway.ChatAsync(model: "down");
        await gateway.ChatAsync();

        var scrape = await gateway.ScrapeUntilAsync(static scrape => scrape.Sum("llmgateway_requests_total") == 2);
        Assert.Equal(1, scrape.Sum("llmgateway_tls_failures_total", "provider=\"nobody\""));
        Assert.Equal(1, scrape.Sum("llmgateway_tls_failures_total"));
    }

    [Fact]
    public async Task A_route_shows_how_many_of_its_deployments_take_traffic_and_a_deployment_its_price_headroom_and_pace()
    {
        using var configuration = new TestConfiguration(new Dictionary<string, string> { ["paced"] = "pace=1ms" });
        configuration.Edit("secret: { deployments: [sim/small]", "secret: { deployments: [sim/small, locked/model]");
        configuration.Edit("sim/small: { model: sim-small,", "sim/small: { model: sim-small, quota: { requests_per_minute: 4 },");
        await using var gateway = await TestGateway.StartAsync(configuration);

        await gateway.StreamAsync();

        var scrape = await gateway.ScrapeUntilAsync(static scrape => scrape.Sum("llmgateway_requests_total") == 1);
        Assert.Equal(1, scrape.Sum("llmgateway_route_deployments", "route=\"secret\"", "state=\"usable\""));
        Assert.Equal(1, scrape.Sum("llmgateway_route_deployments", "route=\"secret\"", "state=\"out\""));
        Assert.Equal(0, scrape.Sum("llmgateway_route_deployments", "route=\"locked\"", "state=\"usable\""));
        Assert.Equal(1, scrape.Sum("llmgateway_deployment_price", "deployment=\"sim/small\"", "kind=\"input\"", "currency=\"USD\""));
        Assert.Equal(0.1, scrape.Sum("llmgateway_deployment_price", "deployment=\"sim/small\"", "kind=\"cached_input\""));
        Assert.Equal(0.75, scrape.Sum("llmgateway_deployment_headroom", "deployment=\"sim/small\""), 3);
        Assert.True(scrape.Sum("llmgateway_deployment_expected_first_token_seconds", "deployment=\"sim/small\"") > 0);
        Assert.Equal(0, scrape.Sum("llmgateway_deployment_expected_first_token_seconds", "deployment=\"sim/paced\""));
        Assert.Equal(1, scrape.Sum("llmgateway_route_time_to_first_token_seconds_count", "route=\"chat\""));
    }
}
