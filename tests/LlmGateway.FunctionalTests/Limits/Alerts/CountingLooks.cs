using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Limits.Alerts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LlmGateway.FunctionalTests.Limits.Alerts;

/// <summary>Waits until budgets have been looked at some more times, and what was due has been taken up, so that a test can say that nothing came of it.</summary>
internal sealed class CountingLooks(TestGateway gateway)
{
    private readonly BudgetWatch _watch = gateway.Host.Services.GetServices<IHostedService>().OfType<BudgetWatch>().Single();

    public async Task PassAsync(int looks)
    {
        var end = _watch.Looks + looks;
        await Eventually.TrueAsync(() => _watch.Looks >= end);
        var queue = gateway.Host.Services.GetRequiredService<WebhookQueue>();
        await Eventually.TrueAsync(() => queue.List(null, DeliveryState.Pending, 1).Count == 0);
    }
}
