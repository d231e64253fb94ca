using System.Net;
using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.FrontDoor;

public class ChatTests
{
    [Fact]
    public async Task A_chat_is_answered_and_its_row_is_in_the_ledger_before_the_client_has_the_end()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.ChatAsync("\"user\":\"u-7\"", with: request => request.Headers.Add("x-gateway-tags", "team=a,env=b"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var row = gateway.OnlyRow();
        var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        var usage = answer.GetProperty("usage");
        Assert.Equal(usage.GetProperty("prompt_tokens").GetInt64(), row["input_tokens"]);
        Assert.Equal(usage.GetProperty("completion_tokens").GetInt64(), row["output_tokens"]);
        Assert.Equal("acme", row["tenant"]);
        Assert.Equal("search", row["project"]);
        Assert.Equal("u-7", row["user_id"]);
        Assert.Equal("""{"team":"a","env":"b"}""", row["tags"]);
        Assert.Equal("chat", row["route"]);
        Assert.Equal("sim/small", row["deployment"]);
        Assert.Equal("sim", row["provider"]);
        Assert.Equal("chat", row["model_asked"]);
        Assert.Equal("sim-small", row["model_answered"]);
        Assert.Equal(200L, row["status"]);
        Assert.Equal("primary", row["cause"]);
        Assert.Equal("measured", row["usage_source"]);
        Assert.Equal("priced", row["price_status"]);
        Assert.Equal("USD", row["currency"]);
        Assert.Equal("stop", row["finish_reason"]);
        Assert.Equal(0L, row["stream"]);
        var cost = (usage.GetProperty("prompt_tokens").GetInt64() * 1m + usage.GetProperty("completion_tokens").GetInt64() * 4m) / 1_000_000m;
        Assert.Equal(cost.ToString("F9", System.Globalization.CultureInfo.InvariantCulture), row["cost"]);
    }

    [Fact]
    public async Task The_headers_of_an_answer_say_who_answered_and_what_it_cost()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.ChatAsync(with: request => request.Headers.Add("x-request-id", "my-id.1"));

        var row = gateway.OnlyRow();
        Assert.Equal("my-id.1", Header(response, "x-request-id"));
        Assert.Equal("my-id.1", row["request_id"]);
        Assert.Equal(row["operation_id"], Header(response, "x-gateway-operation-id"));
        Assert.Equal("sim/small", Header(response, "x-gateway-deployment"));
        Assert.Equal("1", Header(response, "x-gateway-attempts"));
        Assert.Equal("off", Header(response, "x-gateway-cache"));
        Assert.Equal($"{row["cost"]} USD", Header(response, "x-gateway-cost"));
        Assert.True(double.Parse(Header(response, "x-gateway-overhead-ms")!, System.Globalization.CultureInfo.InvariantCulture) >= 0);
    }

    [Fact]
    public async Task An_insane_request_id_is_replaced()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.ChatAsync(with: request => request.Headers.TryAddWithoutValidation("x-request-id", "a b<script>"));

        Assert.Equal(Header(response, "x-gateway-operation-id"), Header(response, "x-request-id"));
    }

    [Fact]
    public async Task Members_that_the_gateway_does_not_know_pass_byte_for_byte_and_its_own_do_not()
    {
        await using var gateway = await TestGateway.StartAsync();
        const string body = """{ "x_new" : {"a":[1, 2.50e1,"\u00e9"]} ,"model":"chat", "fallbacks":["free"], "messages":[{"role":"user","content":"hi"}],"seed":7 }""";

        using var response = await gateway.PostAsync("v1/chat/completions", body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var sent = System.Text.Encoding.UTF8.GetString(Assert.Single(gateway.Simulator.Requests.Snapshot()).Body.Span);
        Assert.Equal("""{ "x_new" : {"a":[1, 2.50e1,"\u00e9"]} ,"model":"sim-small", "messages":[{"role":"user","content":"hi"}],"seed":7 }""", sent);
    }

    [Fact]
    public async Task Neither_the_callers_key_nor_its_other_headers_reach_the_provider()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.ChatAsync(with: request =>
        {
            request.Headers.Add("cookie", "session=1");
            request.Headers.Add("x-forwarded-for", "10.0.0.1");
            request.Headers.Add("openai-organization", "org-1");
            request.Headers.Add("x-secret", "1");
            request.Headers.Add("x-client-request-id", "corr-1");
        });

        var sent = Assert.Single(gateway.Simulator.Requests.Snapshot());
        Assert.DoesNotContain(sent.Headers, header => header.Value.Contains(TestConfiguration.Key, StringComparison.Ordinal));
        Assert.Equal(
            ["content-length", "content-type", "host", "user-agent", "x-client-request-id"],
            sent.Headers.Select(header => header.Key.ToLowerInvariant()).Order());
    }

    [Fact]
    public async Task Embeddings_are_forwarded_and_priced_in_their_own_currency()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.PostAsync("v1/embeddings", """{"model":"embed","input":["one","two"]}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var row = gateway.OnlyRow();
        Assert.Equal("embeddings", row["endpoint"]);
        Assert.Equal("CNY", row["currency"]);
        Assert.Equal("measured", row["usage_source"]);
        Assert.Equal(0L, row["output_tokens"]);
        Assert.True((long)row["input_tokens"]! > 0);
    }

    [Fact]
    public async Task Legacy_completions_are_forwarded()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.PostAsync("v1/completions", """{"model":"chat","prompt":"Once upon"}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("completions", gateway.OnlyRow()["endpoint"]);
    }

    [Fact]
    public async Task What_has_no_price_costs_nothing_known_and_never_zero()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.ChatAsync(model: "free");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("x-gateway-cost"));
        var row = gateway.OnlyRow();
        Assert.Null(row["cost"]);
        Assert.Equal("unpriced", row["price_status"]);
        Assert.True((long)row["output_tokens"]! > 0);
    }

    [Fact]
    public async Task A_route_may_refuse_what_has_no_price()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.ChatAsync(model: "strict");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("unpriced_deployment", (await TestGateway.ErrorAsync(response)).GetProperty("code").GetString());
        Assert.Empty(gateway.Simulator.Requests.Snapshot());
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;
}
