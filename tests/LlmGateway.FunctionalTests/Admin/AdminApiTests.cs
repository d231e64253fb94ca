using System.Net;
using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.FunctionalTests.Admin;

public sealed class AdminApiTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;
    private AdminClient _admin = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        _admin = new AdminClient(_gateway);
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_key_works_from_the_answer_that_made_it_to_the_answer_that_revoked_it()
    {
        var made = await _admin.SendAsync(HttpMethod.Post, "keys", """{"tenant":"acme","project":"search","name":"app","routes":["chat"],"tags":{"team":"a"}}""");
        var (id, secret) = (made["id"], made["key"]!);
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal(HttpStatusCode.OK, await _admin.CallAsync(secret));
        Assert.Equal(HttpStatusCode.NotFound, await _admin.CallAsync(secret, "free"));
        Assert.Equal(id, _gateway.OnlyRow()["key_id"]);
        Assert.Equal("""{"team":"a"}""", _gateway.OnlyRow()["tags"]);

        await _admin.SendAsync(HttpMethod.Patch, $"keys/{id}", """{"routes":["free"]}""");
        Assert.Equal(HttpStatusCode.NotFound, await _admin.CallAsync(secret));
        Assert.Equal(HttpStatusCode.OK, await _admin.CallAsync(secret, "free"));

        await _admin.SendAsync(HttpMethod.Patch, $"keys/{id}", """{"routes":[],"enabled":false}""");
        Assert.Equal(HttpStatusCode.Unauthorized, await _admin.CallAsync(secret));
        Assert.Equal("disabled", (await _admin.GetAsync($"keys/{id}"))["status"]);
        await _admin.SendAsync(HttpMethod.Patch, $"keys/{id}", """{"enabled":true}""");
        Assert.Equal(HttpStatusCode.OK, await _admin.CallAsync(secret));

        var graced = await _admin.SendAsync(HttpMethod.Post, $"keys/{id}/rotate", """{"grace":"1h"}""");
        Assert.Equal(HttpStatusCode.OK, await _admin.CallAsync(secret));
        Assert.Equal(HttpStatusCode.OK, await _admin.CallAsync(graced["key"]!));
        var rotated = await _admin.SendAsync(HttpMethod.Post, $"keys/{id}/rotate");
        Assert.Equal(HttpStatusCode.Unauthorized, await _admin.CallAsync(graced["key"]!));
        Assert.Equal(HttpStatusCode.OK, await _admin.CallAsync(rotated["key"]!));

        await _admin.SendAsync(HttpMethod.Delete, $"keys/{id}");
        Assert.Equal(HttpStatusCode.Unauthorized, await _admin.CallAsync(rotated["key"]!));
        Assert.Equal("revoked", (await _admin.GetAsync($"keys/{id}"))["status"]);
    }

    [Fact]
    public async Task A_key_that_expires_is_a_401_from_then_on()
    {
        var wrong = await _admin.SendAsync(HttpMethod.Post, "keys", """{"tenant":"acme","project":"search","name":"old","expires_at":"2020-01-01T00:00:00Z"}""");
        var owner = await _admin.SendAsync(HttpMethod.Post, "keys", """{"tenant":"nobody","project":"search","name":"old"}""");

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_value"), (wrong.Status, wrong.Code));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_value"), (owner.Status, owner.Code));
    }

    [Fact]
    public async Task Half_a_surrogate_pair_in_a_name_is_the_callers_fault()
    {
        var answer = await _admin.SendAsync(HttpMethod.Post, "keys", """{"tenant":"acme","project":"search","name":"\ud800"}""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    [Fact]
    public async Task Keys_are_listed_in_pages_that_neither_repeat_nor_skip_one()
    {
        for (var i = 0; i < 5; i++)
        {
            await _admin.SendAsync(HttpMethod.Post, "keys", $$"""{"tenant":"acme","project":"search","name":"app-{{i}}"}""");
        }

        Assert.Equal(["ci", "app", "app-0", "app-1", "app-2", "app-3", "app-4"], (await PagesAsync("keys?limit=3")).Select(key => key.GetProperty("name").GetString()!).OrderBy(name => name.Length).ThenBy(name => name));
        Assert.Equal(7, (await PagesAsync("keys?limit=1")).Select(key => key.GetProperty("id").GetString()).Distinct().Count());
        Assert.Equal(HttpStatusCode.BadRequest, (await _admin.GetAsync("keys?cursor=%21")).Status);
    }

    [Fact]
    public async Task Usage_is_what_the_ledger_says_in_JSON_and_in_CSV()
    {
        await _admin.CallAsync(TestConfiguration.Key);
        await _admin.CallAsync(TestConfiguration.Key, "free");
        await _admin.CallAsync(TestConfiguration.OtherKey);
        await _admin.CallAsync(TestConfiguration.Key, "down");

        var rows = (await _admin.GetAsync("usage?group_by=tenant,route")).Json.GetProperty("rows").EnumerateArray().ToDictionary(row => $"{row.GetProperty("tenant")} {row.GetProperty("route")}");
        var csv = await _admin.GetAsync("usage?group_by=tenant,route&format=csv");

        Assert.Equal(["acme chat", "acme down", "acme free", "globex chat"], rows.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(1, rows["acme down"].GetProperty("errors").GetInt32());
        Assert.Equal(1, rows["acme free"].GetProperty("unpriced_attempts").GetInt32());
        Assert.Empty(rows["acme free"].GetProperty("cost").EnumerateArray());
        Assert.Equal((string)_gateway.Rows()[0]["cost"]!, rows["acme chat"].GetProperty("cost")[0].GetProperty("amount").GetString());
        Assert.Equal("text/csv", csv.ContentType);
        Assert.Equal(5, csv.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(HttpStatusCode.BadRequest, (await _admin.GetAsync("usage?group_by=colour")).Status);
        Assert.Empty((await _admin.GetAsync("usage?from=2020-01-01&to=2020-02-01")).Json.GetProperty("rows").EnumerateArray());
    }

    [Fact]
    public async Task The_configuration_is_shown_and_another_one_tried()
    {
        var config = (await _admin.GetAsync("config")).Json;
        var bad = (await _admin.SendAsync(HttpMethod.Post, "config/check", "sever: {}\n")).Json;
        var good = (await _admin.SendAsync(HttpMethod.Post, "config/check")).Json;
        var large = await _admin.SendAsync(HttpMethod.Post, "config/check", _gateway.Configuration.Read() + new string('#', 200_000) + "\n");
        var tooLarge = await _admin.SendAsync(HttpMethod.Post, "config/check", new string('#', 5 * 1024 * 1024));

        Assert.Equal(1, config.GetProperty("version").GetInt32());
        Assert.Equal("applied", config.GetProperty("last_reload").GetProperty("result").GetString());
        Assert.True(config.GetProperty("effective").GetProperty("routes").TryGetProperty("chat", out _));
        Assert.False(bad.GetProperty("valid").GetBoolean());
        Assert.True(good.GetProperty("valid").GetBoolean());
        Assert.True(large.Json.GetProperty("valid").GetBoolean());
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "request_too_large"), (tooLarge.Status, tooLarge.Code));
    }

    [Fact]
    public async Task Every_endpoint_of_the_composed_application_asks_for_the_admin_key()
    {
        foreach (var (method, path) in Mapped())
        {
            foreach (var key in new[] { TestConfiguration.Key, "x", _admin.Key + "x" })
            {
                var answer = await _admin.SendAsync(new HttpMethod(method), path.TrimStart('/').Replace("{id}", "x", StringComparison.Ordinal), key: key);
                Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
                Assert.Equal("invalid_api_key", answer.Code);
            }
        }
    }

    [Fact]
    public async Task The_document_has_every_endpoint_of_the_composed_application_and_no_other()
    {
        var document = (await _admin.GetAsync("openapi.json")).Json;
        var documented = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Where(member => member.Name != "parameters").Select(method => (method.Name.ToUpperInvariant(), path.Name)));

        Assert.Equal(Mapped().Order(), documented.Order());
    }

    [Theory]
    [InlineData("usage?currency=USD", "Usage")]
    [InlineData("config", "Config")]
    public async Task The_document_has_every_member_of_an_answer(string path, string schema)
    {
        await _admin.CallAsync(TestConfiguration.Key);
        var answer = (await _admin.GetAsync(path)).Json;
        var schemas = (await _admin.GetAsync("openapi.json")).Json.GetProperty("components").GetProperty("schemas");

        Assert.Equal(answer.EnumerateObject().Select(member => member.Name), schemas.GetProperty(schema).GetProperty("properties").EnumerateObject().Select(member => member.Name));
        if (schema == "Usage")
        {
            Assert.Equal(
                answer.GetProperty("rows")[0].EnumerateObject().Select(member => member.Name),
                schemas.GetProperty("UsageRow").GetProperty("properties").EnumerateObject().Select(member => member.Name));
        }
    }

    private IEnumerable<(string Method, string Path)> Mapped() => _gateway.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/admin/v1", StringComparison.Ordinal) && !endpoint.RoutePattern.RawText.EndsWith("{**path}", StringComparison.Ordinal))
        .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => (method, endpoint.RoutePattern.RawText!["/admin/v1".Length..])));

    private async Task<List<JsonElement>> PagesAsync(string path)
    {
        var found = new List<JsonElement>();
        string? cursor = null;
        do
        {
            var page = (await _admin.GetAsync(path + (cursor is null ? "" : $"&cursor={cursor}"))).Json;
            found.AddRange(page.GetProperty("data").EnumerateArray());
            cursor = page.GetProperty("next_cursor").GetString();
            Assert.Equal(cursor is not null, page.GetProperty("has_more").GetBoolean());
        }
        while (cursor is not null);

        return found;
    }
}
