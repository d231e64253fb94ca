using System.Globalization;
using System.Net;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Limits;

/// <summary>Budgets of a tenant, a project, a key and a tag: what is held, what is refused, what the client is told.</summary>
public sealed class BudgetTests
{
    [Fact]
    public async Task A_budget_is_spent_to_the_last_request_that_fits_and_no_further()
    {
        // A request may cost 4e-6 a token of its output, and 1e-6 of its input.
        using var configuration = Budgeted("amount: 0.002, period: month");
        await using var gateway = await TestGateway.StartAsync(configuration);
        HttpResponseMessage response;
        var answered = 0;
        while ((response = await gateway.ChatAsync("\"max_tokens\":100")).StatusCode is HttpStatusCode.OK)
        {
            answered++;
            Assert.Equal(0.002m - Spent(gateway), Left(response));
            response.Dispose();
        }

        using (response)
        {
            var error = await TestGateway.ErrorAsync(response);
            Assert.Equal(
                (HttpStatusCode.TooManyRequests, "insufficient_quota", "insufficient_quota"),
                (response.StatusCode, error.GetProperty("type").GetString(), error.GetProperty("code").GetString()));
            Assert.Equal("false", LimitTests.Header(response, "x-should-retry"));
            Assert.False(response.Headers.Contains("retry-after"));
            var message = error.GetProperty("message").GetString()!;
            Assert.Contains("The budget 'month' of project 'search' (0.002 USD a month) has no room for this request", message, StringComparison.Ordinal);
            Assert.Contains("It begins anew at ", message, StringComparison.Ordinal);
        }

        Assert.True(answered > 0);
        Assert.InRange(Spent(gateway), 0.0015m, 0.002m);
        Assert.Equal(answered, gateway.Rows().Count);
    }

    [Fact]
    public async Task Every_level_has_to_have_room_and_none_is_charged_where_one_has_not()
    {
        using var configuration = new TestConfiguration().Edit(
            "acme: { projects: { search: { keys: [ { name: ci, key: \"${file:acme.key}\" } ] } } }",
            "acme: { budgets: [ { amount: 1, period: month } ], projects: { search: { budgets: [ { amount: 1, period: day } ], "
            + "keys: [ { name: ci, key: \"${file:acme.key}\", budgets: [ { name: tiny, amount: 0.0001, period: week } ] } ] } } }");
        await using var gateway = await TestGateway.StartAsync(configuration);
        using var refused = await gateway.ChatAsync("\"max_tokens\":1000");
        Assert.Contains("The budget 'tiny' of this key", (await TestGateway.ErrorAsync(refused)).GetProperty("message").GetString(), StringComparison.Ordinal);
        using var fits = await gateway.ChatAsync("\"max_tokens\":1");
        Assert.Equal(HttpStatusCode.OK, fits.StatusCode);

        // The nearest to its end is told.
        Assert.Equal(0.0001m - Spent(gateway), Left(fits));
    }

    [Fact]
    public async Task A_budget_of_a_tag_counts_what_carries_it()
    {
        using var configuration = Budgeted("amount: 0.0001, period: month, tag: \"team=red\"");
        await using var gateway = await TestGateway.StartAsync(configuration);
        using var red = await gateway.ChatAsync("\"max_tokens\":1000", with: request => request.Headers.Add("x-gateway-tags", "team=red"));
        using var blue = await gateway.ChatAsync("\"max_tokens\":1000", with: request => request.Headers.Add("x-gateway-tags", "team=blue"));
        using var none = await gateway.ChatAsync("\"max_tokens\":1000");
        Assert.Equal(
            (HttpStatusCode.TooManyRequests, HttpStatusCode.OK, HttpStatusCode.OK), (red.StatusCode, blue.StatusCode, none.StatusCode));
        Assert.False(blue.Headers.Contains("x-gateway-budget-left"));
    }

    [Fact]
    public async Task A_soft_budget_refuses_nothing()
    {
        using var configuration = Budgeted("amount: 0.000001, period: month, stop: false");
        await using var gateway = await TestGateway.StartAsync(configuration);
        using var response = await gateway.ChatAsync("\"max_tokens\":100");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, Left(response));
    }

    [Fact]
    public async Task What_has_no_price_is_refused_under_a_budget_unless_it_says_otherwise()
    {
        using var configuration = Budgeted("amount: 10, period: month");
        await using (var gateway = await TestGateway.StartAsync(configuration))
        {
            using var refused = await gateway.ChatAsync(model: "free");
            var error = await TestGateway.ErrorAsync(refused);
            Assert.Equal((HttpStatusCode.Forbidden, "unpriced_deployment"), (refused.StatusCode, error.GetProperty("code").GetString()));
            Assert.Equal("false", LimitTests.Header(refused, "x-should-retry"));
            Assert.Empty(gateway.Rows());
        }

        configuration.Edit("amount: 10, period: month", "amount: 10, period: month, allow_unpriced: true");
        await using var allowing = await TestGateway.StartAsync(configuration);
        using var allowed = await allowing.ChatAsync(model: "free");
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
    }

    [Fact]
    public async Task Another_currency_counts_by_the_rate_of_the_day()
    {
        using var configuration = Budgeted("amount: 0.01, currency: CNY, period: month")
            .Edit("providers:", "currency: { base: USD, rates: { CNY: { \"2026-01-01\": 0.125 } } }\nproviders:");
        await using var gateway = await TestGateway.StartAsync(configuration);
        using var response = await gateway.ChatAsync("\"max_tokens\":100");
        Assert.Equal($"{(0.01m - (Spent(gateway) * 8)).ToString("F9", CultureInfo.InvariantCulture)} CNY", LimitTests.Header(response, "x-gateway-budget-left"));
    }

    [Fact]
    public async Task A_price_that_no_rate_leads_to_is_refused_as_unpriced()
    {
        using var configuration = Budgeted("amount: 100, currency: CNY, period: month");
        await using var gateway = await TestGateway.StartAsync(configuration);
        using var response = await gateway.ChatAsync("\"max_tokens\":100");
        Assert.Equal("unpriced_deployment", (await TestGateway.ErrorAsync(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_second_attempt_holds_more_where_the_first_has_cost_something()
    {
        // The first attempt's stream dies after some text, which is owed; the rest of the budget does not cover a second one.
        using var configuration = new TestConfiguration(new Dictionary<string, string> { ["dying"] = "cut=5" }, failover: "{ attempts: 3, mid_stream: resume }");
        configuration.Edit("dying: { deployments: [sim/dying]", "dying: { deployments: [sim/dying, sim/small]")
            .Edit("search: { keys", "search: { budgets: [ { amount: 0.00045, period: month } ], keys");
        await using var gateway = await TestGateway.StartAsync(configuration);
        var events = await gateway.StreamAsync("\"max_tokens\":100", "dying");
        Assert.Contains("\"error\"", events[^1] == "[DONE]" ? events[^2] : events[^1], StringComparison.Ordinal);
        var row = gateway.OnlyRow();
        Assert.Equal("estimated", row["usage_source"]);
        Assert.InRange(Spent(gateway), 0.0000001m, 0.00045m);
    }

    [Fact]
    public async Task A_thousand_at_once_spend_no_more_than_there_is()
    {
        using var configuration = new TestConfiguration(
            new Dictionary<string, string> { ["slow"] = "first=5,pace=1", ["flaky"] = "status=503" }, failover: "{ attempts: 3 }");
        configuration.Edit("search: { keys", "search: { budgets: [ { amount: 0.1, period: month } ], keys")
            .Edit("flaky: { deployments: [sim/flaky]", "flaky: { deployments: [sim/flaky, sim/small]");
        await using var gateway = await TestGateway.StartAsync(configuration);
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(number => FireAsync(gateway, number)));
        Assert.DoesNotContain(answers, status => status is not (HttpStatusCode.OK or HttpStatusCode.TooManyRequests or 0));
        Assert.Contains(HttpStatusCode.OK, answers);
        Assert.Contains(HttpStatusCode.TooManyRequests, answers);

        // What is left is what the ledger says is left: nothing is held any more. One that fits is let in.
        HttpResponseMessage last;
        while ((last = await gateway.ChatAsync("\"max_tokens\":1")).StatusCode is HttpStatusCode.OK && Left(last) != 0.1m - Spent(gateway))
        {
            gateway.Soon.ThrowIfCancellationRequested();
            last.Dispose();
        }

        Assert.InRange(Spent(gateway), 0.05m, 0.1m);
        last.Dispose();
    }

    private static async Task<HttpStatusCode> FireAsync(TestGateway gateway, int number)
    {
        var leaves = number % 10 == 3;
        var streams = leaves || number % 2 == 0;
        var body = TestGateway.ChatBody($"\"max_tokens\":{50 + (number % 100)}" + (streams ? ",\"stream\":true" : ""), leaves ? "slow" : number % 7 == 0 ? "flaky" : "chat");
        try
        {
            using var response = await gateway.PostAsync("v1/chat/completions", body, leaves ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    internal static TestConfiguration Budgeted(string budget) =>
        new TestConfiguration().Edit("search: { keys", $"search: {{ budgets: [ {{ {budget} }} ], keys");

    internal static decimal Spent(TestGateway gateway) => gateway.Rows().Sum(row => row["cost"] is string cost ? decimal.Parse(cost, CultureInfo.InvariantCulture) : 0);

    internal static decimal Left(HttpResponseMessage response) =>
        decimal.Parse(LimitTests.Header(response, "x-gateway-budget-left").Split(' ')[0], CultureInfo.InvariantCulture);
}
