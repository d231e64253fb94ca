using System.Globalization;
using System.Net;
using System.Text.Json;
using LlmGateway.FunctionalTests.Admin;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Gateway;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.FunctionalTests.Asides;

/// <summary>What the gateway asks of itself: whose it is, what it costs, what may refuse it, and how it ends.</summary>
public sealed class AsideTests
{
    [Fact]
    public async Task It_is_a_row_of_who_pays_with_its_cause_and_cost()
    {
        using var configuration = AsideGateway.Configuration();
        await using var gateway = await TestGateway.StartAsync(configuration);
        var answer = await gateway.EmbedAsync();
        Assert.Equal((AsideFault.None, null), (answer.Fault, answer.Why));
        using var document = JsonDocument.Parse(answer.Body);
        Assert.Equal(2, document.RootElement.GetProperty("data").GetArrayLength());

        var row = Assert.Single(await gateway.WaitForRowsAsync(1));
        Assert.Equal(
            ("embedding", 1L, "acme", "search", AsideGateway.Payer.KeyId, "ann", """{"team":"red"}""", "chat"),
            (row["cause"], row["attempt"], row["tenant"], row["project"], row["key_id"], row["user_id"], row["tags"], row["route"]));
        Assert.Equal(
            ("embeddings", "sim/vectors", "sim/vectors", "sim-embedding-small", 200L, "measured", "priced", "CNY"),
            (row["endpoint"], row["deployment"], row["model_asked"], row["model_answered"], row["status"], row["usage_source"], row["price_status"], row["currency"]));
        var tokens = (long)row["input_tokens"]!;
        Assert.InRange(tokens, 5, 100);
        Assert.Equal(tokens * 0.5m / 1_000_000, decimal.Parse((string)row["cost"]!, CultureInfo.InvariantCulture));
        var scrape = await gateway.ScrapeAsync();
        Assert.Equal(1, scrape.Sum("llmgateway_attempts_total", "cause=\"embedding\"", "outcome=\"succeeded\"", "deployment=\"sim/vectors\""));
        Assert.Equal(tokens, scrape.Sum("llmgateway_tokens_total", "tenant=\"acme\"", "deployment=\"sim/vectors\"", "kind=\"input\""));
    }

    [Fact]
    public async Task It_is_an_attempt_in_reports_and_no_request()
    {
        using var configuration = AsideGateway.Configuration();
        await using var gateway = await TestGateway.StartAsync(configuration);
        using var chat = await gateway.ChatAsync();
        Assert.Equal(AsideFault.None, (await gateway.EmbedAsync()).Fault);
        Assert.Equal(AsideFault.None, (await gateway.JudgeAsync()).Fault);
        await gateway.WaitForRowsAsync(3);

        var report = await new AdminClient(gateway).GetAsync("usage?from=2020-01-01&group_by=deployment");
        var rows = report.Json.GetProperty("rows").EnumerateArray()
            .Select(row => (row.GetProperty("deployment").GetString(), row.GetProperty("requests").GetInt64(), row.GetProperty("attempts").GetInt64()));
        Assert.Equal([("sim/small", 1, 2), ("sim/vectors", 0, 1)], rows);
    }

    [Fact]
    public async Task A_judge_is_sent_the_bound_and_none_of_the_clients_secrets()
    {
        using var configuration = AsideGateway.Configuration();
        await using var gateway = await TestGateway.StartAsync(configuration);
        Assert.Equal(AsideFault.None, (await gateway.JudgeAsync(maxOutput: 5)).Fault);
        var row = Assert.Single(await gateway.WaitForRowsAsync(1));
        Assert.Equal(("evaluation", "chat.completions", 5L, "length"), (row["cause"], row["endpoint"], row["output_tokens"], row["finish_reason"]));
        var sent = Assert.Single(gateway.Simulator.Requests.Snapshot());
        using var body = JsonDocument.Parse(sent.Body);
        Assert.Equal(("sim-small", 5), (body.RootElement.GetProperty("model").GetString(), body.RootElement.GetProperty("max_tokens").GetInt32()));
        Assert.Null(sent.Header("authorization"));
    }

    [Fact]
    public async Task A_budget_without_room_refuses_it_before_anything_is_sent()
    {
        using var configuration = AsideGateway.Configuration("budgets: [ { amount: 0.000001, currency: CNY, period: day } ],");
        await using var gateway = await TestGateway.StartAsync(configuration);
        var answer = await gateway.EmbedAsync();
        Assert.Equal((AsideFault.Refused, "insufficient_quota"), (answer.Fault, answer.Why));
        Assert.Empty(gateway.Simulator.Requests.Snapshot());
        Assert.Empty(gateway.Rows());
        Assert.Equal((0m, 0m), await SpentAndHeldAsync(gateway));
    }

    [Fact]
    public async Task A_budget_is_spent_by_what_it_cost_and_holds_nothing_afterwards_however_it_went()
    {
        using var configuration = AsideGateway.Configuration("budgets: [ { amount: 10, currency: CNY, period: day } ],");
        await using var gateway = await TestGateway.StartAsync(configuration);
        var faults = new List<AsideFault>();
        foreach (var deployment in (string[])["sim/vectors", "sim/vectors-broken", "sim/vectors-refusing", "sim/vectors-free"])
        {
            faults.Add((await gateway.EmbedAsync(deployment)).Fault);
        }

        using var leaving = new CancellationTokenSource();
        var left = gateway.EmbedAsync("sim/vectors-late", cancellation: leaving.Token);
        await gateway.Simulator.Requests.WaitAsync(request => request.Model == "sim-embedding-small!hang", gateway.Soon);
        Assert.True((await SpentAndHeldAsync(gateway)).Held > 0);
        await leaving.CancelAsync();
        faults.Add((await left).Fault);

        // Under a budget, what has no price is not asked.
        Assert.Equal([AsideFault.None, AsideFault.Failed, AsideFault.Rejected, AsideFault.Refused, AsideFault.Cancelled], faults);
        var spent = gateway.Rows().Sum(row => row["cost"] is string cost ? decimal.Parse(cost, CultureInfo.InvariantCulture) : 0);
        Assert.True(spent > 0);
        Assert.Equal((spent, 0m), await SpentAndHeldAsync(gateway));
    }

    [Fact]
    public async Task It_takes_tokens_of_a_limit_and_no_request_and_no_slot()
    {
        using var configuration = AsideGateway.Configuration("limits: { requests_per_minute: 1, concurrent: 1, tokens_per_minute: 200 },");
        await using var gateway = await TestGateway.StartAsync(configuration);
        Assert.Equal(AsideFault.None, (await gateway.EmbedAsync()).Fault);
        Assert.Equal(AsideFault.None, (await gateway.EmbedAsync()).Fault);
        using var first = await gateway.ChatAsync("\"max_tokens\":1");
        using var second = await gateway.ChatAsync("\"max_tokens\":1");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (first.StatusCode, second.StatusCode));
        var faults = new List<AsideFault>();
        for (var i = 0; i < 20; i++)
        {
            faults.Add((await gateway.EmbedAsync()).Fault);
        }

        Assert.Equal(AsideFault.Refused, faults[^1]);
    }

    [Fact]
    public async Task What_fails_is_a_value_and_a_row_and_opens_the_breaker()
    {
        using var configuration = AsideGateway.Configuration();
        await using var gateway = await TestGateway.StartAsync(configuration);
        var answers = new List<AsideAnswer>();
        while (answers.Count < 100 && answers.LastOrDefault().Fault is not AsideFault.Resting)
        {
            answers.Add(await gateway.EmbedAsync("sim/vectors-broken"));
        }

        Assert.Equal(AsideFault.Failed, answers[0].Fault);
        Assert.Equal(AsideFault.Resting, answers[^1].Fault);
        var rows = await gateway.WaitForRowsAsync(answers.Count - 1);
        Assert.All(rows, row => Assert.Equal(("embedding", "acme", 500L, "unknown"), (row["cause"], row["tenant"], row["status"], row["usage_source"])));
        Assert.Equal(answers.Count - 1, rows.Count);
        Assert.Equal(rows.Count, gateway.Simulator.Requests.Snapshot().Count);
    }

    [Fact]
    public async Task A_deployment_that_is_full_is_not_asked()
    {
        using var configuration = AsideGateway.Configuration();
        await using var gateway = await TestGateway.StartAsync(configuration);
        using var leaving = new CancellationTokenSource();
        var first = gateway.EmbedAsync("sim/vectors-narrow", cancellation: leaving.Token);
        await gateway.Simulator.Requests.WaitAsync(request => request.Model == "sim-embedding-small!hang", gateway.Soon);
        var second = await gateway.EmbedAsync("sim/vectors-narrow");
        Assert.Equal((AsideFault.Resting, "it would go beyond its quota"), (second.Fault, second.Why));
        await leaving.CancelAsync();
        Assert.Equal(AsideFault.Cancelled, (await first).Fault);
        Assert.Single(gateway.Simulator.Requests.Snapshot());
    }

    [Fact]
    public async Task It_ends_at_its_deadline()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));
        using var configuration = AsideGateway.Configuration();
        await using var gateway = await TestGateway.StartAsync(configuration, time);
        var asking = gateway.EmbedAsync("sim/vectors-late", deadline: TimeSpan.FromMilliseconds(100));
        await gateway.Simulator.Requests.WaitAsync(request => request.Model == "sim-embedding-small!hang", gateway.Soon);
        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(asking.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(AsideFault.Late, (await asking.WaitAsync(gateway.Soon)).Fault);
        Assert.Equal("timeout", Assert.Single(await gateway.WaitForRowsAsync(1))["error_class"]);
    }

    [Fact]
    public async Task None_begins_once_requests_are_refused_and_those_in_flight_are_cut_and_waited_for()
    {
        using var configuration = AsideGateway.Configuration();
        await using var gateway = await TestGateway.StartAsync(configuration);
        var drain = gateway.Host.Services.GetRequiredService<Drain>();
        var asking = gateway.EmbedAsync("sim/vectors-late");
        await gateway.Simulator.Requests.WaitAsync(request => request.Model == "sim-embedding-small!hang", gateway.Soon);
        drain.Refuse();
        Assert.Equal((AsideFault.Stopping, 1, false), ((await gateway.EmbedAsync()).Fault, drain.InFlight, drain.Idle.IsCompleted));
        await drain.CutAsync();
        Assert.Equal(AsideFault.Stopping, (await asking.WaitAsync(gateway.Soon)).Fault);
        await drain.Idle.WaitAsync(gateway.Soon);
        var row = Assert.Single(await gateway.WaitForRowsAsync(1));
        Assert.Equal(("interrupted", "estimated", "acme"), (row["error_class"], row["usage_source"], row["tenant"]));
        Assert.Single(gateway.Simulator.Requests.Snapshot());
    }

    [Fact]
    public async Task Nothing_goes_to_a_deployment_that_the_tenant_does_not_allow_or_that_has_become_another()
    {
        using var configuration = AsideGateway.Configuration("require: { region: cn },");
        await using var gateway = await TestGateway.StartAsync(configuration);
        var elsewhere = await gateway.EmbedAsync();
        var stranger = await gateway.EmbedAsync(payer: AsideGateway.Payer with { Tenant = "nobody" });
        var other = await gateway.Aside().AskAsync(
            new AsideCall
            {
                Deployment = gateway.Deployment("sim/vectors") with { Model = "another" },
                Endpoint = EndpointKind.Embeddings,
                Body = "{}"u8.ToArray(),
                Cause = Upstream.AttemptCause.Embedding,
                Payer = AsideGateway.Payer with { Tenant = "globex", Project = "mail" },
                Deadline = TimeSpan.FromSeconds(20),
            },
            CancellationToken.None);
        Assert.Equal((AsideFault.Forbidden, AsideFault.Forbidden, AsideFault.Forbidden), (elsewhere.Fault, stranger.Fault, other.Fault));
        Assert.Contains("requires", elsewhere.Why, StringComparison.Ordinal);
        Assert.Empty(gateway.Simulator.Requests.Snapshot());
    }

    private static async Task<(decimal Spent, decimal Held)> SpentAndHeldAsync(TestGateway gateway)
    {
        var figures = await gateway.BudgetAsync();
        return (figures.Spent.Amount, figures.Held.Amount);
    }
}
