using System.Globalization;
using System.Net;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.FunctionalTests.Limits.Alerts;

/// <summary>What webhooks are told of budgets, and when.</summary>
public sealed class BudgetAlertTests
{
    [Fact]
    public async Task A_budget_that_is_spent_is_told_of_with_a_warning_and_a_stop_once_each()
    {
        await using var receiver = await Receiver.StartAsync();
        using var configuration = Alerting.Configuration("amount: 0.002, period: month, warn: 0.5", receiver);
        await using var gateway = await Alerting.StartAsync(configuration);
        await Alerting.SpendAllAsync(gateway);
        var told = (await receiver.TakeAsync(2)).OrderBy(one => one.Type).ToArray();
        Assert.Equal([AlertTypes.Stop, AlertTypes.Warning], told.Select(one => one.Type));

        var (stop, warning) = (told[0], told[1]);
        Assert.Equal(("acme", "search"), (Alerting.Text(warning.Data, "tenant"), Alerting.Text(warning.Data, "project")));
        Assert.False(warning.Data.TryGetProperty("key_id", out _));
        var budget = warning.Data.GetProperty("budget");
        Assert.Equal(("month", "month", "UTC"), (Alerting.Text(budget, "name"), Alerting.Text(budget, "period"), Alerting.Text(budget, "timezone")));
        Assert.Equal(("0.002000000", "USD"), (Alerting.Text(budget.GetProperty("amount"), "amount"), Alerting.Text(budget.GetProperty("amount"), "currency")));
        Assert.InRange(warning.Amount("spent"), 0.001m, 0.002m);
        Assert.Equal(0.002m, warning.Amount("spent") + warning.Amount("held") + warning.Amount("left"));
        Assert.Contains("The budget 'month' of project 'search' of tenant 'acme' (0.002 USD a month) has reached 50 % of its amount", Alerting.Text(warning.Data, "message"), StringComparison.Ordinal);
        Assert.Matches("has refused a request that it had no room for|has no room left for further requests", Alerting.Text(stop.Data, "message"));
        Assert.All(told, one =>
        {
            Assert.Equal(one.Id, Alerting.Text(one.Json, "id"));
            Assert.True(DateTimeOffset.TryParseExact(Alerting.Text(one.Json, "created_at"), "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _));
        });

        // Refused again and again, looked at again and again: nothing is told again.
        await Alerting.SpendAllAsync(gateway);
        var looks = new CountingLooks(gateway);
        await looks.PassAsync(3);
        Assert.Equal(2, receiver.All.Length);
    }

    [Fact]
    public async Task Below_the_warning_nothing_is_told_and_neither_of_a_request_that_is_larger_than_the_budget()
    {
        await using var receiver = await Receiver.StartAsync();
        using var configuration = Alerting.Configuration("amount: 0.01, period: total", receiver);
        await using var gateway = await Alerting.StartAsync(configuration);
        using (var response = await gateway.ChatAsync("\"max_tokens\":100"))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await new CountingLooks(gateway).PassAsync(3);
        Assert.Empty(receiver.All);

        // That says nothing of what is left.
        using (var response = await gateway.ChatAsync("\"max_tokens\":10000"))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        }

        await new CountingLooks(gateway).PassAsync(3);
        Assert.Empty(receiver.All);
    }

    [Fact]
    public async Task Raising_the_amount_in_the_middle_of_the_period_arms_it_again()
    {
        await using var receiver = await Receiver.StartAsync();
        using var configuration = Alerting.Configuration("amount: 0.002, period: month, warn: 0.5", receiver, ", events: [budget.stop]");
        await using var gateway = await Alerting.StartAsync(configuration);
        await Alerting.SpendAllAsync(gateway);
        await receiver.TakeAsync(1);

        configuration.Edit("amount: 0.002", "amount: 0.004");
        gateway.Host.Services.GetRequiredService<ConfigurationReloader>().Reload();
        await new CountingLooks(gateway).PassAsync(3);
        Assert.Single(receiver.All);

        await Alerting.SpendAllAsync(gateway);
        var told = await receiver.TakeAsync(2);
        Assert.Equal(["0.002000000", "0.004000000"], told.Select(one => Alerting.Text(one.Data.GetProperty("budget").GetProperty("amount"), "amount")));
        Assert.Equal(2, told.Select(one => one.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_webhook_hears_of_the_events_and_tenants_that_it_wants()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var other = await Receiver.StartAsync();
        using var configuration = Alerting.Configuration("amount: 0.002, period: month, warn: 0.5", receiver, ", events: [budget.stop]")
            .Edit("webhooks: [ ", $$"""webhooks: [ { url: "{{other.Url}}", secret: "${file:hook.secret}", tenants: [glob*] }, """);
        await using var gateway = await Alerting.StartAsync(configuration);
        await Alerting.SpendAllAsync(gateway);
        Assert.Equal(AlertTypes.Stop, Assert.Single(await receiver.TakeAsync(1)).Type);
        await new CountingLooks(gateway).PassAsync(3);
        Assert.Single(receiver.All);
        Assert.Empty(other.All);
    }

    [Fact]
    public async Task Budgets_of_keys_made_at_run_time_are_told_of_with_the_key()
    {
        await using var receiver = await Receiver.StartAsync();
        using var configuration = Alerting.Configuration("amount: 100, period: month", receiver);
        await using var gateway = await Alerting.StartAsync(configuration);
        var admin = new LlmGateway.FunctionalTests.Admin.AdminClient(gateway);
        var key = await admin.SendAsync(HttpMethod.Post, "keys", """{"tenant":"acme","project":"search","name":"batch"}""");
        var budget = await admin.SendAsync(
            HttpMethod.Post, "budgets", $$"""{"tenant":"acme","project":"search","key_id":"{{key["id"]}}","amount":0.00001,"period":"day","stop":false}""");
        Assert.Equal(HttpStatusCode.Created, budget.Status);
        Assert.Equal(HttpStatusCode.OK, await admin.CallAsync(key["key"]!));
        var told = Assert.Single(await receiver.TakeAsync(1));
        Assert.Equal((AlertTypes.Warning, key["id"]), (told.Type, Alerting.Text(told.Data, "key_id")));
    }

    [Fact]
    public async Task The_gauge_shows_the_least_left_of_the_tenants_own_budgets()
    {
        await using var receiver = await Receiver.StartAsync();
        using var configuration = Alerting.Configuration("amount: 0.5, period: month", receiver).Edit(
            "acme: {", "acme: { budgets: [ { amount: 3, period: month }, { amount: 2, period: day }, { name: yuan, amount: 9, currency: CNY, period: day, allow_unpriced: true } ],");
        await using var gateway = await Alerting.StartAsync(configuration);
        await gateway.ScrapeUntilAsync(scrape => scrape.Sum("llmgateway_budget_left", "tenant=\"acme\"", "currency=\"USD\"") == 2);
        using (var response = await gateway.ChatAsync("\"max_tokens\":100"))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        var spent = (double)BudgetTests.Spent(gateway);
        Assert.True(spent > 0);
        var scrape = await gateway.ScrapeUntilAsync(scrape => Math.Abs(scrape.Sum("llmgateway_budget_left", "tenant=\"acme\"", "currency=\"USD\"") - (2 - spent)) < 1e-9);
        Assert.Equal(9, scrape.Sum("llmgateway_budget_left", "tenant=\"acme\"", "currency=\"CNY\""));
        Assert.Equal(0, scrape.Sum("llmgateway_budget_left", "tenant=\"globex\""));
    }

    [Fact]
    public async Task An_hour_far_above_the_pattern_is_told_of_with_what_was_expected()
    {
        await using var receiver = await Receiver.StartAsync();
        using var configuration = Alerting.Configuration("amount: 100, period: total", receiver);
        var history = new Spending { UsualHour = 0.01m };
        await using var gateway = await Alerting.StartAsync(configuration, more: services => services.AddSingleton<ISpendHistory>(history));
        await new CountingLooks(gateway).PassAsync(3);
        Assert.Empty(receiver.All);

        history.LastHour = 1.7m;
        var told = Assert.Single(await receiver.TakeAsync(1));
        Assert.Equal(AlertTypes.Anomaly, told.Type);
        var anomaly = told.Data.GetProperty("anomaly");
        Assert.Equal(
            ("1.700000000", "0.010000000", "0.000000000", "1.000000000"),
            (Money("spent_last_hour"), Money("expected"), Money("deviation"), Money("threshold")));
        Assert.Contains("1.7 USD was spent in the last hour", Alerting.Text(told.Data, "message"), StringComparison.Ordinal);
        Assert.Contains("usually costs 0.01 USD", Alerting.Text(told.Data, "message"), StringComparison.Ordinal);
        await new CountingLooks(gateway).PassAsync(3);
        Assert.Single(receiver.All);

        string Money(string member) => Alerting.Text(anomaly.GetProperty(member), "amount");
    }
}
