using System.Net;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Gateway;
using LlmGateway.Ledger;
using LlmGateway.Upstream;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.FunctionalTests.Failures;

/// <summary>What breaks inside the gateway while an attempt is under way costs an error, never a row or a slot.</summary>
public class DefectTests
{
    [Fact]
    public async Task An_attempt_that_breaks_before_it_is_sent_is_a_row_and_gives_its_slot_back()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Host.Services.GetRequiredService<BuiltinProvider>().BaseAddress = null;

        using var response = await gateway.ChatAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("internal_error", (await TestGateway.ErrorAsync(response)).GetProperty("code").GetString());
        var row = gateway.OnlyRow();
        Assert.Equal("bad_gateway", row["error_class"]);
        Assert.Equal("0.000000000", row["cost"]);
        Assert.Equal(0, gateway.Host.Services.GetRequiredService<SlotLedger>().InFlight);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"stream\":true")]
    public async Task A_part_of_the_settlement_that_breaks_does_not_lose_the_row(string more)
    {
        await using var gateway = await TestGateway.StartAsync(configure: services => services.AddSingleton<IAttemptObserver, Broken>());

        using var response = await gateway.ChatAsync(more);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var row = gateway.OnlyRow();
        Assert.Equal("measured", row["usage_source"]);
        Assert.NotNull(row["cost"]);
        Assert.Equal(0, gateway.Host.Services.GetRequiredService<SlotLedger>().InFlight);
    }

    private sealed class Broken : IAttemptObserver
    {
        public GatewayError? Starting(Exchange exchange, Attempt attempt) => null;

        public ValueTask EndedAsync(Exchange exchange, Attempt attempt) => throw new InvalidOperationException("A defect.");
    }
}
