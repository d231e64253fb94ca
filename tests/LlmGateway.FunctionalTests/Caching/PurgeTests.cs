using System.Net;
using System.Text.Json;
using LlmGateway.FunctionalTests.Admin;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Caching;

/// <summary>Operators make the gateway forget, and see what caches did.</summary>
public class PurgeTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("?tenant=acme", true)]
    [InlineData("?tenant=globex", false)]
    [InlineData("?route=chat", true)]
    [InlineData("?route=embed", false)]
    [InlineData("?tag=team%3Da", true)]
    [InlineData("?tag=team%3Db", false)]
    [InlineData("?tenant=acme&route=chat&tag=team%3Da", true)]
    [InlineData("?tenant=acme&route=chat&tag=team%3Db", false)]
    public async Task What_is_named_is_forgotten_and_nothing_else(string query, bool forgotten)
    {
        using var configuration = CachingGateway.Configuration();
        await using var gateway = await CachingGateway.StartAsync(configuration);
        using var first = await AskAsync(gateway);

        var purged = await PurgeAsync(gateway, query);
        using var second = await AskAsync(gateway);

        Assert.Equal(HttpStatusCode.OK, purged.Status);
        Assert.Equal("this_node", purged["reach"]);
        Assert.Equal(forgotten ? "miss" : "hit", second.Cache());
    }

    [Fact]
    public async Task A_key_is_named_by_its_id()
    {
        using var configuration = CachingGateway.Configuration();
        await using var gateway = await CachingGateway.StartAsync(configuration);
        using var first = await AskAsync(gateway);
        var id = (string)gateway.OnlyRow()["key_id"]!;

        var other = await PurgeAsync(gateway, "?key=key_of_nobody");
        using var still = await AskAsync(gateway);
        var its = await PurgeAsync(gateway, $"?key={id}");
        using var gone = await AskAsync(gateway);

        Assert.Equal(["hit", "miss"], new[] { still, gone }.Select(response => response.Cache()));
    }

    [Theory]
    [InlineData("?tenant=acmee", 404, "There is no tenant 'acmee'")]
    [InlineData("?route=chatt", 404, "There is no route 'chatt'")]
    [InlineData("?tag=team", 400, "team=a")]
    [InlineData("?tenant=", 400, "Leave it out to mean every tenant")]
    [InlineData("?model=chat", 400, "Known are tenant, route, tag, key")]
    public async Task A_mistake_forgets_nothing_and_is_told(string query, int status, string words)
    {
        using var configuration = CachingGateway.Configuration();
        await using var gateway = await CachingGateway.StartAsync(configuration);
        using var first = await AskAsync(gateway);

        var purged = await PurgeAsync(gateway, query);
        using var second = await AskAsync(gateway);

        Assert.Equal(status, (int)purged.Status);
        Assert.Contains(words, purged.Json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("hit", second.Cache());
    }

    [Fact]
    public async Task The_exchange_of_a_hit_says_whose_answer_it_was()
    {
        using var configuration = CachingGateway.Configuration();
        await using var gateway = await CachingGateway.StartAsync(configuration);
        using var first = await AskAsync(gateway);
        using var second = await AskAsync(gateway);
        using var off = await gateway.ChatAsync("\"temperature\":1.5");

        var hit = await ExchangeAsync(gateway, second.Header("x-request-id")!);
        Assert.Equal("hit", hit.GetProperty("cache").GetProperty("result").GetString());
        Assert.Equal(first.Header("x-request-id"), hit.GetProperty("cache").GetProperty("note").GetString());
        Assert.Equal("chat", hit.GetProperty("route").GetString());
        Assert.Equal(JsonValueKind.Null, hit.GetProperty("decision").ValueKind);
        var aside = await ExchangeAsync(gateway, off.Header("x-request-id")!);
        Assert.Equal(("off", "temperature"), (aside.GetProperty("cache").GetProperty("result").GetString(), aside.GetProperty("cache").GetProperty("note").GetString()));
        Assert.NotEqual(JsonValueKind.Null, aside.GetProperty("decision").ValueKind);
    }

    [Fact]
    public async Task Metrics_and_the_report_tell_what_was_saved_and_never_as_cost()
    {
        using var configuration = CachingGateway.Configuration();
        await using var gateway = await CachingGateway.StartAsync(configuration);
        for (var i = 0; i < 3; i++)
        {
            using var answer = await AskAsync(gateway);
        }

        var rows = await gateway.WaitForRowsAsync(3);
        var cost = decimal.Parse((string)rows[0]["cost"]!, System.Globalization.CultureInfo.InvariantCulture);
        var scrape = await gateway.ScrapeAsync();
        Assert.Equal(2, scrape.Sum("llmgateway_cache_total", "route=\"chat\"", "result=\"hit\""));
        Assert.Equal(1, scrape.Sum("llmgateway_cache_total", "route=\"chat\"", "result=\"miss\""));
        Assert.Equal((double)(2 * cost), scrape.Sum("llmgateway_cache_saved_cost_total", "route=\"chat\"", "tenant=\"acme\"", "currency=\"USD\""), 12);
        Assert.Equal((double)cost, scrape.Sum("llmgateway_cost_total", "tenant=\"acme\"", "currency=\"USD\""), 12);
        Assert.True(scrape.Sum("llmgateway_cache_saved_seconds_total", "route=\"chat\"", "tenant=\"acme\"") > 0);

        var report = await new AdminClient(gateway).GetAsync("usage?group_by=tenant");
        var row = report.Json.GetProperty("rows")[0];
        Assert.Equal((3, 1, 2), (row.GetProperty("requests").GetInt32(), row.GetProperty("attempts").GetInt32(), row.GetProperty("cache_hits").GetInt32()));
        Assert.Equal(rows[0]["cost"], row.GetProperty("cost")[0].GetProperty("amount").GetString());
        Assert.Equal((2 * cost).ToString("F9", System.Globalization.CultureInfo.InvariantCulture), row.GetProperty("answers_saved")[0].GetProperty("amount").GetString());
        Assert.Equal(rows[0]["cache_saving"], row.GetProperty("cache_saving")[0].GetProperty("amount").GetString());
        Assert.Equal(2 * row.GetProperty("output_tokens").GetInt64(), row.GetProperty("saved_output_tokens").GetInt64());
        Assert.Equal(2 * row.GetProperty("input_tokens").GetInt64(), row.GetProperty("saved_input_tokens").GetInt64());
    }

    [Fact]
    public async Task An_answer_that_an_application_calls_wrong_is_given_to_nobody_any_more()
    {
        using var configuration = CachingGateway.Configuration();
        await using var gateway = await CachingGateway.StartAsync(configuration);
        using var first = await AskAsync(gateway);
        using var hit = await AskAsync(gateway);

        Assert.Equal("""{"forgotten":false}""", await SayAsync(hit.Header("x-request-id")!, TestConfiguration.OtherKey));
        using var still = await AskAsync(gateway);
        Assert.Equal("""{"forgotten":true}""", await SayAsync(hit.Header("x-request-id")!, TestConfiguration.Key));
        using var anew = await AskAsync(gateway);
        Assert.Equal("""{"forgotten":true}""", await SayAsync(anew.Header("x-request-id")!, TestConfiguration.Key));
        using var again = await AskAsync(gateway);
        using var unclear = await gateway.PostAsync("v1/feedback", """{"request_id":"x"}""");
        using var stranger = await gateway.PostAsync("v1/feedback", "{}", with: static request => request.Headers.Authorization = new("Bearer", "sk-nobody"));

        Assert.Equal(["hit", "hit", "miss", "miss"], new[] { hit, still, anew, again }.Select(response => response.Cache()));
        Assert.Equal(HttpStatusCode.BadRequest, unclear.StatusCode);
        Assert.Equal("invalid_feedback", (await TestGateway.ErrorAsync(unclear)).GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);

        async Task<string> SayAsync(string id, string key)
        {
            using var response = await gateway.PostAsync("v1/feedback", $$"""{"request_id":"{{id}}","answer":"wrong"}""", with: request => request.Headers.Authorization = new("Bearer", key));
            return await response.Content.ReadAsStringAsync();
        }
    }

    private static Task<HttpResponseMessage> AskAsync(TestGateway gateway) => gateway.ChatAsync(with: request => request.Headers.Add("x-gateway-tags", "team=a,env=x"));

    private static Task<AdminAnswer> PurgeAsync(TestGateway gateway, string query) => new AdminClient(gateway).SendAsync(HttpMethod.Delete, "cache" + query);

    private static async Task<JsonElement> ExchangeAsync(TestGateway gateway, string id)
    {
        while (true)
        {
            gateway.Soon.ThrowIfCancellationRequested();
            var answer = await new AdminClient(gateway).GetAsync("exchanges/" + id);
            if (answer.Status is HttpStatusCode.OK)
            {
                return answer.Json;
            }
        }
    }
}
