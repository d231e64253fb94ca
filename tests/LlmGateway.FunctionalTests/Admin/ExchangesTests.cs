using System.Net;
using System.Text.Json;
using Dapper;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Storage;

namespace LlmGateway.FunctionalTests.Admin;

/// <summary>What happened to a request, asked for by its id.</summary>
public class ExchangesTests
{
    private const string ProviderKey = "sk-provider-secret-0123456789abcdef";
    private const string Prompt = "a prompt that nobody else may read";

    [Fact]
    public async Task An_exchange_is_found_by_either_id_with_its_decision_and_its_attempts()
    {
        using var configuration = ExplainConfiguration.Create();
        await using var gateway = await TestGateway.StartAsync(configuration);
        using var answered = await gateway.ChatAsync("\"max_tokens\":20");
        var operation = Assert.Single(answered.Headers.GetValues("x-gateway-operation-id"));

        var exchange = await FindAsync(gateway, Assert.Single(answered.Headers.GetValues("x-request-id")));
        Assert.Equal(operation, exchange["operation_id"]);
        Assert.Equal(exchange.Text, (await FindAsync(gateway, operation)).Text);
        Assert.Equal(("acme", "search", "ci"), (exchange["tenant"], exchange["project"], exchange["key_name"]));
        Assert.Equal(("chat", "chat", "none"), (exchange["route"], exchange["model"], exchange["fault"]));
        Assert.Equal(200, exchange.Json.GetProperty("status").GetInt32());
        Assert.True(exchange.Json.GetProperty("duration_ms").GetDouble() > 0);
        var decision = exchange.Json.GetProperty("decision");
        Assert.Equal(["locked/model", "sim/small", "sim/retired"], decision.GetProperty("deployments").EnumerateArray().Select(one => one.GetProperty("deployment").GetString()));
        Assert.Equal(["credential", null, "stage"], decision.GetProperty("deployments").EnumerateArray().Select(one => one.GetProperty("excluded_by").GetString()));
        Assert.Equal("sim/small", Assert.Single(decision.GetProperty("plan").EnumerateArray()).GetProperty("deployment").GetString());

        var attempt = Assert.Single(exchange.Json.GetProperty("attempts").EnumerateArray());
        var row = gateway.OnlyRow();
        Assert.Equal((row["deployment"], row["cause"], row["price_ref"]), (Text(attempt, "deployment"), Text(attempt, "cause"), Text(attempt, "price_ref")));
        Assert.Equal(("succeeded", "measured", row["finish_reason"]), (Text(attempt, "outcome"), Text(attempt, "usage_source"), Text(attempt, "finish_reason")));
        Assert.Equal(row["cost"], attempt.GetProperty("cost").GetProperty("amount").GetString());
        Assert.Equal(row["output_tokens"], attempt.GetProperty("usage").GetProperty("output_tokens").GetInt64());
    }

    [Fact]
    public async Task A_failure_names_the_credential_and_the_class_but_neither_the_secret_nor_the_prompt()
    {
        await using var upstream = new ScriptedUpstream(call => call.WriteAsync(
            $"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{{\"error\":{{\"message\":\"cannot do: {Prompt} with {ProviderKey}\",\"type\":\"invalid_request_error\",\"code\":null}}}}"));
        using var configuration = new TestConfiguration()
            .WithUpstream(upstream.BaseUrl, "credentials: [ { key: \"${file:up.key}\" } ]").WithSecret("up.key", ProviderKey);
        await using var gateway = await TestGateway.StartAsync(configuration);
        using var answered = await gateway.PostAsync(
            "v1/chat/completions", $$"""{"model":"down","messages":[{"role":"user","content":"{{Prompt}}"}]}""", with: request => request.Headers.Add("x-request-id", "ask-me"));
        Assert.Equal(HttpStatusCode.BadRequest, answered.StatusCode);

        var exchange = await FindAsync(gateway, "ask-me");
        var attempt = exchange.Json.GetProperty("attempts")[0];
        Assert.Equal("nobody#1", Text(attempt, "credential"));
        Assert.Equal(("failed", "bad_request"), (Text(attempt, "outcome"), Text(attempt, "error_class")));
        Assert.Equal(400, attempt.GetProperty("status").GetInt32());
        Assert.All([Prompt, ProviderKey, TestConfiguration.Key], secret => Assert.DoesNotContain(secret, exchange.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_exchange_in_flight_is_not_found_yet_and_the_answer_says_why()
    {
        var called = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var upstream = new ScriptedUpstream(async call =>
        {
            called.TrySetResult();
            await release.Task;
            await call.WriteAsync("HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{}");
        });
        using var configuration = new TestConfiguration().WithUpstream(upstream.BaseUrl);
        await using var gateway = await TestGateway.StartAsync(configuration);
        var asking = gateway.PostAsync(
            "v1/chat/completions", """{"model":"down","messages":[{"role":"user","content":"x"}]}""", with: request => request.Headers.Add("x-request-id", "under-way"));
        await called.Task.WaitAsync(gateway.Soon);
        var missing = await new AdminClient(gateway).GetAsync("exchanges/under-way");
        release.SetResult();
        using var answered = await asking;

        Assert.Equal((HttpStatusCode.NotFound, "exchange_not_found"), (missing.Status, missing.Code));
        Assert.Contains("is in flight is shown when it has ended", missing.Text, StringComparison.Ordinal);
        Assert.Equal("under-way", (await FindAsync(gateway, "under-way"))["request_id"]);
    }

    [Fact]
    public async Task A_request_that_no_deployment_could_take_has_its_reasons()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var answered = await gateway.ChatAsync(model: "locked");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answered.StatusCode);

        var exchange = await FindAsync(gateway, Assert.Single(answered.Headers.GetValues("x-request-id")));
        Assert.Equal(("no_deployment_available", "policy"), (exchange["error"], exchange["fault"]));
        Assert.Empty(exchange.Json.GetProperty("attempts").EnumerateArray());
        var decision = exchange.Json.GetProperty("decision");
        Assert.Equal("credential", Text(decision.GetProperty("deployments")[0], "excluded_by"));
        Assert.Equal(503, decision.GetProperty("refusal").GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task A_client_cannot_hide_an_exchange_behind_its_id()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var first = await gateway.ChatAsync();
        var operation = Assert.Single(first.Headers.GetValues("x-gateway-operation-id"));
        await FindAsync(gateway, operation);
        using var second = await gateway.ChatAsync(with: request => request.Headers.Add("x-request-id", operation));
        await FindAsync(gateway, Assert.Single(second.Headers.GetValues("x-gateway-operation-id")));

        Assert.Equal(operation, (await new AdminClient(gateway).GetAsync($"exchanges/{operation}"))["operation_id"]);
    }

    [Fact]
    public async Task What_the_process_has_forgotten_the_ledger_knows_without_the_decision()
    {
        using var configuration = new TestConfiguration();
        string operation;
        await using (var before = await TestGateway.StartAsync(configuration))
        {
            using var answered = await before.ChatAsync(with: request => request.Headers.Add("x-request-id", "long-ago"));
            operation = Assert.Single(answered.Headers.GetValues("x-gateway-operation-id"));
            await before.WaitForRowsAsync(1);
        }

        await using var gateway = await TestGateway.StartAsync(configuration);
        var admin = new AdminClient(gateway);
        var row = gateway.OnlyRow();
        foreach (var id in new[] { operation, "long-ago" })
        {
            var exchange = await admin.GetAsync($"exchanges/{id}");
            Assert.Equal(HttpStatusCode.OK, exchange.Status);
            Assert.Equal((operation, "long-ago", "acme", "chat"), (exchange["operation_id"], exchange["request_id"], exchange["tenant"], exchange["route"]));
            Assert.Equal(JsonValueKind.Null, exchange.Json.GetProperty("decision").ValueKind);
            Assert.Contains("rows of the ledger", exchange["note"], StringComparison.Ordinal);
            var attempt = Assert.Single(exchange.Json.GetProperty("attempts").EnumerateArray());
            Assert.Equal((row["deployment"], "succeeded", row["cost"]), (Text(attempt, "deployment"), Text(attempt, "outcome"), attempt.GetProperty("cost").GetProperty("amount").GetString()));
        }

        using (var connection = new SqliteDatabase(configuration.DataFolder).Open())
        {
            connection.Execute("UPDATE ledger SET started_at = @at", new { at = TimeProvider.System.GetUtcNow().AddHours(-25).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture) });
        }

        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync($"exchanges/{operation}")).Status);
        var gone = await admin.GetAsync("exchanges/long-ago");
        Assert.Equal((HttpStatusCode.NotFound, "exchange_not_found"), (gone.Status, gone.Code));
    }

    [Fact]
    public async Task The_document_has_every_member_that_is_answered()
    {
        using var configuration = ExplainConfiguration.Create();
        await using var gateway = await TestGateway.StartAsync(configuration);
        using var answered = await gateway.ChatAsync();
        var exchange = (await FindAsync(gateway, Assert.Single(answered.Headers.GetValues("x-request-id")))).Json;
        var admin = new AdminClient(gateway);
        var refused = (await admin.SendAsync(HttpMethod.Post, "routes/locked/explain", TestGateway.ChatBody())).Json;
        var deployment = (await admin.GetAsync("deployments")).Json.GetProperty("data")[0];
        var balanced = (await admin.SendAsync(HttpMethod.Post, "routes/chat/explain", $$"""{"request":{{TestGateway.ChatBody()}},"policy":"balanced"}""")).Json;
        var part = balanced.GetProperty("deployments")[1].GetProperty("score_parts")[0];
        var schemas = (await admin.GetAsync("openapi.json")).Json.GetProperty("components").GetProperty("schemas");
        var decision = exchange.GetProperty("decision");

        (JsonElement Answer, string Schema)[] all =
        [
            (exchange, "Exchange"), (exchange.GetProperty("attempts")[0], "Attempt"), (exchange.GetProperty("attempts")[0].GetProperty("usage"), "AttemptUsage"),
            (decision, "Decision"), (decision.GetProperty("request"), "Demand"), (decision.GetProperty("deployments")[0], "Verdict"), (decision.GetProperty("plan")[0], "Step"), (part, "ScorePart"),
            (refused.GetProperty("refusal"), "Refusal"), (deployment.GetProperty("health"), "Health"), (deployment.GetProperty("health").GetProperty("latency"), "Latency"),
        ];
        foreach (var (answer, schema) in all)
        {
            var members = answer.EnumerateObject().Select(member => member.Name).ToList();
            Assert.Equal(members, schemas.GetProperty(schema).GetProperty("properties").EnumerateObject().Select(member => member.Name));
            Assert.Equal(members, schemas.GetProperty(schema).GetProperty("required").EnumerateArray().Select(name => name.GetString()!));
        }
    }

    /// <summary>It is kept once its answer is out, which a client may have read before.</summary>
    private static async Task<AdminAnswer> FindAsync(TestGateway gateway, string id)
    {
        var admin = new AdminClient(gateway);
        while (true)
        {
            var answer = await admin.GetAsync($"exchanges/{id}");
            if (answer.Status is HttpStatusCode.OK && answer.Json.GetProperty("decision").ValueKind is JsonValueKind.Object)
            {
                return answer;
            }

            gateway.Soon.ThrowIfCancellationRequested();
        }
    }

    private static string? Text(JsonElement json, string member) => json.GetProperty(member).GetString();
}
