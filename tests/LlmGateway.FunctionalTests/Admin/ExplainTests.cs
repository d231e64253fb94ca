using System.Net;
using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Admin;

/// <summary>Dry runs over HTTP.</summary>
public sealed class ExplainTests : IAsyncLifetime
{
    private readonly TestConfiguration _configuration = ExplainConfiguration.Create();
    private TestGateway _gateway = null!;
    private AdminClient _admin = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync(_configuration);
        _admin = new AdminClient(_gateway);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        _configuration.Dispose();
    }

    [Fact]
    public async Task Everyone_who_was_considered_is_named_with_the_reason_and_the_plan_has_the_rest()
    {
        var answer = await ExplainAsync("chat", TestGateway.ChatBody("\"max_tokens\":50,\"stream\":true"));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(("chat", "priority"), (answer["route"], answer["policy"]));
        var request = answer.Json.GetProperty("request");
        Assert.Equal("chat.completions", request.GetProperty("endpoint").GetString());
        Assert.True(request.GetProperty("stream").GetBoolean());
        Assert.True(request.GetProperty("input_tokens").GetInt64() > 0);
        Assert.Equal(50, request.GetProperty("max_output").GetInt64());
        var verdicts = Verdicts(answer);
        Assert.Equal(["locked/model", "sim/small", "sim/retired"], verdicts.Keys);
        Assert.Equal(("credential", "provider locked has no credential"), Excluded(verdicts["locked/model"]));
        Assert.Equal(("stage", "sim/retired is in stage retired"), Excluded(verdicts["sim/retired"]));
        Assert.Equal(((string?)null, (string?)null), Excluded(verdicts["sim/small"]));
        Assert.Equal(1, verdicts["sim/small"].GetProperty("rank").GetInt32());
        Assert.Equal("closed", verdicts["sim/small"].GetProperty("breaker").GetString());
        Assert.Equal("none", verdicts["sim/small"].GetProperty("credential").GetString());
        Assert.Equal("missing", verdicts["locked/model"].GetProperty("credential").GetString());
        Assert.Equal(JsonValueKind.Null, verdicts["sim/retired"].GetProperty("rank").ValueKind);
        Assert.Equal(("place", JsonValueKind.Null), (verdicts["sim/small"].GetProperty("score_unit").GetString(), verdicts["sim/small"].GetProperty("score_parts").ValueKind));
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (verdicts["sim/retired"].GetProperty("score_unit").ValueKind, verdicts["sim/retired"].GetProperty("bonus_money").ValueKind));
        Assert.Equal(["sim/small"], Plan(answer));
        Assert.Equal(JsonValueKind.Null, answer.Json.GetProperty("refusal").ValueKind);
    }

    [Fact]
    public async Task A_balanced_score_comes_with_what_adds_up_to_it()
    {
        using (await _gateway.ChatAsync())
        {
        }

        var verdict = Verdicts(await ExplainAsync("chat", $$"""{"request":{{TestGateway.ChatBody()}},"policy":"balanced"}"""))["sim/small"];
        var parts = verdict.GetProperty("score_parts").EnumerateArray().ToArray();

        Assert.Equal("weighted_mean", verdict.GetProperty("score_unit").GetString());
        Assert.Equal([("price", 0.5), ("latency", 0.3), ("headroom", 0.2), ("quality", 0)], parts.Select(part => (part.GetProperty("name").GetString()!, part.GetProperty("weight").GetDouble())));
        Assert.Equal(verdict.GetProperty("score").GetDouble(), parts.Sum(part => part.GetProperty("contribution").GetDouble()), 8);
    }

    [Fact]
    public async Task What_it_says_is_what_a_request_then_gets()
    {
        var explained = Plan(await ExplainAsync("chat", TestGateway.ChatBody()));
        using var answer = await _gateway.ChatAsync();

        Assert.Equal(explained[0], Assert.Single(answer.Headers.GetValues("x-gateway-deployment")));
    }

    [Fact]
    public async Task Nothing_is_counted_and_nobody_is_called()
    {
        using (await _gateway.ChatAsync())
        {
        }

        var before = await _gateway.ScrapeUntilAsync(scrape => Requests(scrape) == 1);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await ExplainAsync("chat", TestGateway.ChatBody())).Status);
        }

        var after = await _gateway.ScrapeAsync();
        Assert.Equal(Requests(before), Requests(after));
        Assert.Equal(0, after.Sum("llmgateway_in_flight"));
        Assert.Equal(before.Sum("llmgateway_attempts_total"), after.Sum("llmgateway_attempts_total"));
        Assert.Single(_gateway.Rows());
        Assert.Single(_gateway.Simulator.Requests.Snapshot());
    }

    [Fact]
    public async Task A_refusal_is_told_as_the_client_would_get_it()
    {
        var answer = await ExplainAsync("locked", TestGateway.ChatBody());

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Empty(Plan(answer));
        var refusal = answer.Json.GetProperty("refusal");
        Assert.Equal((503, "no_deployment_available"), (refusal.GetProperty("status").GetInt32(), refusal.GetProperty("code").GetString()));
        Assert.Contains("locked", refusal.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("credential", Verdicts(answer)["locked/model"].GetProperty("excluded_by").GetString());
    }

    [Fact]
    public async Task A_key_that_may_not_use_the_route_is_refused_as_it_would_be()
    {
        var keys = (await _admin.GetAsync("keys?tenant=globex")).Json.GetProperty("data");
        var id = keys[0].GetProperty("id").GetString();

        var refused = await ExplainAsync("free", $$"""{"request":{{TestGateway.ChatBody()}},"key":"{{id}}"}""");
        Assert.Equal("model_not_found", refused.Json.GetProperty("refusal").GetProperty("code").GetString());
        Assert.Equal(["sim/small"], Plan(await ExplainAsync("chat", $$"""{"request":{{TestGateway.ChatBody()}},"key":"{{id}}","tenant":"globex"}""")));
    }

    [Fact]
    public async Task The_endpoint_is_seen_from_the_body_or_said()
    {
        Assert.Equal("embeddings", Endpoint(await ExplainAsync("embed", """{"input":"a river"}""")));
        Assert.Equal("completions", Endpoint(await ExplainAsync("chat", """{"prompt":"a river"}""")));
        Assert.Equal("embeddings", Endpoint(await ExplainAsync("embed", """{"endpoint":"embeddings","request":{"input":"a river"}}""")));
    }

    [Fact]
    public async Task The_instant_that_is_asked_about_is_the_instant_of_the_decision() =>
        Assert.Equal("2027-02-03T04:05:06Z", (await ExplainAsync("chat", $$"""{"request":{{TestGateway.ChatBody()}},"at":"2027-02-03T04:05:06Z","tenant":"acme","max_cost":null}"""))["at"]);

    [Fact]
    public async Task What_may_be_sent_may_be_asked_about()
    {
        var large = $$"""{"messages":[{"role":"user","content":"{{new string('x', 500_000)}}"}]}""";
        Assert.Equal(HttpStatusCode.OK, (await ExplainAsync("chat", large)).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await AskTooMuchAsync());
    }

    /// <summary>The answer comes, and the connection ends, before all has been sent: a client that is still sending may miss it.</summary>
    private async Task<HttpStatusCode> AskTooMuchAsync()
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return (await ExplainAsync("chat", $$"""{"messages":[{"role":"user","content":"{{new string('x', 1_500_000)}}"}]}""")).Status;
            }
            catch (HttpRequestException) when (tries < 20)
            {
            }
        }
    }

    [Fact]
    public async Task A_deployment_may_stand_where_a_route_stands() =>
        Assert.Equal(HttpStatusCode.OK, (await ExplainAsync("sim%2Fsmall", TestGateway.ChatBody())).Status);

    [Theory]
    [InlineData("chatt", """{"messages":[]}""", 404, "route_not_found", null)]
    [InlineData("chat", "{", 400, "invalid_json", null)]
    [InlineData("chat", "[]", 400, "invalid_json", null)]
    [InlineData("chat", "{}", 400, "invalid_value", "request")]
    [InlineData("chat", """{"request":[]}""", 400, "invalid_value", "request")]
    [InlineData("chat", """{"request":{"messages":[]},"tenent":"acme"}""", 400, "unknown_parameter", "tenent")]
    [InlineData("chat", """{"request":{"messages":[{"role":"user","content":"x"}]},"tenant":"acne"}""", 400, "invalid_value", "tenant")]
    [InlineData("chat", """{"request":{"messages":[{"role":"user","content":"x"}]},"tenant":7}""", 400, "invalid_value", "tenant")]
    [InlineData("chat", """{"request":{"messages":[{"role":"user","content":"x"}]},"key":"key_none"}""", 400, "invalid_value", "key")]
    [InlineData("chat", """{"request":{"messages":[{"role":"user","content":"x"}]},"at":"yesterday"}""", 400, "invalid_value", "at")]
    [InlineData("chat", """{"request":{"messages":[{"role":"user","content":"x"}]},"endpoint":"images"}""", 400, "invalid_value", "endpoint")]
    public async Task A_question_that_makes_no_sense_is_answered_with_what_is_wrong(string route, string body, int status, string code, string? param)
    {
        var answer = await ExplainAsync(route, body);

        var error = answer.Json.GetProperty("error");
        Assert.Equal((status, code, param), ((int)answer.Status, error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
    }

    [Fact]
    public async Task A_body_that_the_front_door_would_not_take_is_not_taken_here()
    {
        var answer = await ExplainAsync("chat", """{"messages":[{"role":"user","content":"x"}],"stream":"yes"}""");
        Assert.Equal((HttpStatusCode.BadRequest, "stream"), (answer.Status, answer.Json.GetProperty("error").GetProperty("param").GetString()));
    }

    private Task<AdminAnswer> ExplainAsync(string route, string body) => _admin.SendAsync(HttpMethod.Post, $"routes/{route}/explain", body);

    private static double Requests(Scrape scrape) => scrape.Sum("llmgateway_requests_total");

    private static string? Endpoint(AdminAnswer answer) => answer.Json.GetProperty("request").GetProperty("endpoint").GetString();

    private static Dictionary<string, JsonElement> Verdicts(AdminAnswer answer) =>
        answer.Json.GetProperty("deployments").EnumerateArray().ToDictionary(one => one.GetProperty("deployment").GetString()!);

    private static string[] Plan(AdminAnswer answer) =>
        [.. answer.Json.GetProperty("plan").EnumerateArray().Select(step => step.GetProperty("deployment").GetString()!)];

    private static (string? By, string? Reason) Excluded(JsonElement verdict) =>
        (verdict.GetProperty("excluded_by").GetString(), verdict.GetProperty("reason").GetString());
}
