using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Limits;

/// <summary>A restart of the one node: what was used of a day and spent of a budget is still used and spent.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task A_restart_neither_forgets_nor_refunds()
    {
        using var configuration = BudgetTests.Budgeted("amount: 0.002, period: total");
        decimal spent;
        await using (var before = await TestGateway.StartAsync(configuration))
        {
            using var first = await before.ChatAsync("\"max_tokens\":100");
            spent = BudgetTests.Spent(before);
            Assert.Equal(0.002m - spent, BudgetTests.Left(first));
        }

        await using var gateway = await TestGateway.StartAsync(configuration);
        using var second = await gateway.ChatAsync("\"max_tokens\":100");
        Assert.Equal(0.002m - BudgetTests.Spent(gateway), BudgetTests.Left(second));
        Assert.True(BudgetTests.Spent(gateway) > spent);
    }

    [Fact]
    public async Task Requests_of_a_day_are_not_forgotten_by_a_restart()
    {
        using var configuration = LimitTests.Limited("requests_per_day: 2");
        await using (var before = await TestGateway.StartAsync(configuration))
        {
            await LimitTests.OkAsync(before);
            await LimitTests.OkAsync(before);
        }

        await using var gateway = await TestGateway.StartAsync(configuration);
        await LimitTests.RefusedAsync(gateway, "requests per day of project 'search': limit 2");
    }
}
