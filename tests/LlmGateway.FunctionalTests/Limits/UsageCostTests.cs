using System.Globalization;
using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Limits;

/// <summary>The cost in the usage of a stream: only where client and route want it, and the same as the ledger's.</summary>
public sealed class UsageCostTests
{
    private const string WithUsage = "\"max_tokens\":20,\"stream_options\":{\"include_usage\":true}";

    [Fact]
    public async Task A_stream_tells_its_cost_where_client_and_route_want_it()
    {
        using var configuration = new TestConfiguration().Edit("chat: { deployments", "chat: { usage_cost: true, deployments");
        await using var gateway = await TestGateway.StartAsync(configuration);
        var usage = Usage(await gateway.StreamAsync(WithUsage))!.Value;
        Assert.Equal((string)gateway.OnlyRow()["cost"]!, usage.GetProperty("cost").GetDecimal().ToString("F9", CultureInfo.InvariantCulture));
        Assert.Equal("USD", usage.GetProperty("cost_currency").GetString());
        Assert.True(usage.GetProperty("completion_tokens").GetInt64() > 0);
        Assert.Null(Usage(await gateway.StreamAsync("\"max_tokens\":20")));
    }

    [Fact]
    public async Task A_route_that_does_not_say_so_tells_none()
    {
        await using var gateway = await TestGateway.StartAsync();
        Assert.False(Usage(await gateway.StreamAsync(WithUsage))!.Value.TryGetProperty("cost", out _));
    }

    [Fact]
    public async Task An_answer_that_was_gone_on_with_tells_what_all_attempts_came_to()
    {
        using var configuration = new TestConfiguration(new Dictionary<string, string> { ["dying"] = "cut=5" }, failover: "{ attempts: 3, mid_stream: resume }");
        configuration.Edit("dying: { deployments: [sim/dying]", "dying: { usage_cost: true, deployments: [sim/dying, sim/small]");
        await using var gateway = await TestGateway.StartAsync(configuration);
        var usage = Usage(await gateway.StreamAsync(WithUsage, "dying"))!.Value;
        Assert.Equal(2, gateway.Rows().Count);
        Assert.Equal(gateway.Rows().Sum(row => decimal.Parse((string)row["cost"]!, CultureInfo.InvariantCulture)), usage.GetProperty("cost").GetDecimal());
    }

    [Fact]
    public async Task What_has_no_price_tells_no_cost()
    {
        using var configuration = new TestConfiguration().Edit("free: { deployments", "free: { usage_cost: true, deployments");
        await using var gateway = await TestGateway.StartAsync(configuration);
        Assert.False(Usage(await gateway.StreamAsync(WithUsage, "free"))!.Value.TryGetProperty("cost", out _));
    }

    private static JsonElement? Usage(IReadOnlyList<string> events)
    {
        JsonElement? found = null;
        foreach (var text in events.Where(text => text != "[DONE]"))
        {
            var chunk = JsonDocument.Parse(text).RootElement;
            found = chunk.TryGetProperty("usage", out var usage) && usage.ValueKind is JsonValueKind.Object ? usage : found;
        }

        return found;
    }
}
