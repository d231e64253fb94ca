using System.Net;
using System.Text.Json;
using LlmGateway.Catalog;
using LlmGateway.Keys;
using LlmGateway.Tests.Keys;

namespace LlmGateway.Tests.Admin;

public sealed class KeyEndpointsTests : IAsyncLifetime
{
    private AdminBench _bench = null!;

    private static string ConfiguredId => ConfiguredKey.IdOf("acme", "search", "configured");

    public async Task InitializeAsync() =>
        _bench = await AdminBench.StartAsync(FakeSnapshots.Key("configured", "sk-configured-0123456789"), FakeSnapshots.Key("unset", "", tenant: "beta"));

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task A_key_is_made_shown_once_and_works_at_once()
    {
        var made = await _bench.SendAsync(HttpMethod.Post, "keys", """
            {"tenant":"acme","project":"search","name":"ci","routes":["chat","gpt-*"],"tags":{"team":"a"},"expires_at":"2027-01-01T08:00:00+08:00"}
            """);

        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal(KeyVerdict.Valid, _bench.Check(made["key"]!));
        var shown = await _bench.SendAsync(HttpMethod.Get, $"keys/{made["id"]}");
        Assert.Equal(
            ("store", "active", "2027-01-01T00:00:00Z", "2026-11-01T00:00:00Z", "null", """["chat","gpt-*"]""", """{"team":"a"}"""),
            (shown["origin"], shown["status"], shown["expires_at"], shown["created_at"], shown["revoked_at"], shown["routes"], shown["tags"]));
        Assert.False(shown.Json.TryGetProperty("key", out _));
        var list = await _bench.SendAsync(HttpMethod.Get, "keys");
        Assert.DoesNotContain(made["key"]!, list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(_bench.Keys.Log.Lines, line => line.Contains(made["key"]![6..], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_null_takes_the_expiry_away()
    {
        var (id, secret) = await _bench.CreateAsync("ci", ""","routes":["chat"],"expires_at":"2026-12-01T00:00:00Z" """);

        var changed = await _bench.SendAsync(HttpMethod.Patch, $"keys/{id}", """{"enabled":false,"expires_at":null}""");
        Assert.Equal(("false", "null", """["chat"]""", "disabled"), (changed["enabled"], changed["expires_at"], changed["routes"], changed["status"]));
        Assert.Equal(KeyVerdict.Disabled, _bench.Check(secret));

        await _bench.SendAsync(HttpMethod.Patch, $"keys/{id}", """{"enabled":true}""");
        Assert.Equal(KeyVerdict.Valid, _bench.Check(secret));
    }

    [Fact]
    public async Task A_delete_revokes_at_once_and_keeps_the_row()
    {
        var (id, secret) = await _bench.CreateAsync("ci");

        Assert.Equal("revoked", (await _bench.SendAsync(HttpMethod.Delete, $"keys/{id}"))["status"]);
        Assert.Equal(KeyVerdict.Revoked, _bench.Check(secret));
        Assert.Equal("2026-11-01T00:00:00Z", (await _bench.SendAsync(HttpMethod.Get, $"keys/{id}"))["revoked_at"]);
        (await _bench.SendAsync(HttpMethod.Patch, $"keys/{id}", """{"enabled":true}""")).AssertError(409, "key_revoked");
        Assert.DoesNotContain(id, (await _bench.SendAsync(HttpMethod.Get, "keys")).Text, StringComparison.Ordinal);
        Assert.Contains(id, (await _bench.SendAsync(HttpMethod.Get, "keys?include_revoked=true")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rotation_gives_a_new_secret_and_the_grace_that_was_asked()
    {
        var (id, old) = await _bench.CreateAsync("ci");

        var rotated = await _bench.SendAsync(HttpMethod.Post, $"keys/{id}/rotate", """{"grace":"1h"}""");
        Assert.Equal((KeyVerdict.Valid, KeyVerdict.Valid), (_bench.Check(old), _bench.Check(rotated["key"]!)));

        _bench.Keys.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal((KeyVerdict.Rotated, KeyVerdict.Valid), (_bench.Check(old), _bench.Check(rotated["key"]!)));

        var again = await _bench.SendAsync(HttpMethod.Post, $"keys/{id}/rotate");
        Assert.Equal((KeyVerdict.Rotated, KeyVerdict.Valid), (_bench.Check(rotated["key"]!), _bench.Check(again["key"]!)));
        (await _bench.SendAsync(HttpMethod.Post, $"keys/{id}/rotate", """{"grace":"31d"}""")).AssertError(400, "invalid_value", "grace");
    }

    [Theory]
    [InlineData("PATCH", "", "{}")]
    [InlineData("DELETE", "", null)]
    [InlineData("POST", "/rotate", "{}")]
    public async Task A_key_of_the_configuration_refuses_every_change_and_goes_on(string method, string path, string? body)
    {
        var answer = await _bench.SendAsync(new HttpMethod(method), $"keys/{ConfiguredId}{path}", body);

        Assert.Contains("written in the configuration", answer.AssertError(409, "key_in_configuration"), StringComparison.Ordinal);
        Assert.Equal(KeyVerdict.Valid, _bench.Check("sk-configured-0123456789"));
        Assert.Equal("configuration", (await _bench.SendAsync(HttpMethod.Get, $"keys/{ConfiguredId}"))["origin"]);
    }

    [Theory]
    [InlineData("""{"project":"search","name":"x"}""", "invalid_value", "tenant", "'tenant' is missing")]
    [InlineData("""{"tenant":"acne","project":"search","name":"x"}""", "invalid_value", "tenant", "Did you mean 'acme'?")]
    [InlineData("""{"tenant":"acme","project":"serch","name":"x"}""", "invalid_value", "project", "Did you mean 'search'?")]
    [InlineData("""{"tenant":"acme","project":"search","name":""}""", "invalid_value", "name", "1 to 200")]
    [InlineData("""{"tenant":"acme","project":"search","name":7}""", "invalid_value", "name", "must be a string")]
    [InlineData("""{"tenant":"acme","project":"search","name":"x","expire_at":1}""", "unknown_parameter", "expire_at", "Did you mean 'expires_at'?")]
    [InlineData("""{"tenant":"acme","project":"search","name":"x","expires_at":"tomorrow"}""", "invalid_value", "expires_at", "RFC 3339")]
    [InlineData("""{"tenant":"acme","project":"search","name":"x","expires_at":"2026-11-01T00:00:00Z"}""", "invalid_value", "expires_at", "not in the future")]
    [InlineData("""{"tenant":"acme","project":"search","name":"x","routes":"chat"}""", "invalid_value", "routes", "array of strings")]
    [InlineData("""{"tenant":"acme","project":"search","name":"x","routes":[1]}""", "invalid_value", "routes", "array of strings")]
    [InlineData("""{"tenant":"acme","project":"search","name":"x","tags":{"a":1}}""", "invalid_value", "tags", "values are strings")]
    [InlineData("""{"tenant":"acme","project":"search","name":"x","enabled":"yes"}""", "invalid_value", "enabled", "true or false")]
    [InlineData("""{"tenant":"acme","project":"search","name":"configured"}""", "invalid_value", "name", "configuration has a key")]
    [InlineData("""{"tenant":"acme","name":"x","name":"y"}""", "invalid_json", null, "name")]
    [InlineData("""{"tenant":"acme",""", "invalid_json", null, "LineNumber")]
    [InlineData("[]", "invalid_json", null, "JSON object")]
    [InlineData("", "invalid_json", null, "JSON")]
    public async Task A_bad_body_is_a_400_that_names_the_member(string body, string code, string? param, string says)
    {
        Assert.Contains(says, (await _bench.SendAsync(HttpMethod.Post, "keys", body)).AssertError(400, code, param), StringComparison.Ordinal);
        Assert.Empty(_bench.Keys.Store.List(new KeyQuery(null, null, true, 0, 10)));
    }

    [Fact]
    public async Task A_body_of_another_type_is_a_415_and_one_too_large_a_413()
    {
        (await _bench.SendAsync(HttpMethod.Post, "keys", "{}", "text/plain", $"Bearer {AdminBench.AdminSecret}")).AssertError(415, "unsupported_media_type");
        (await _bench.SendAsync(HttpMethod.Post, "keys", $$"""{"name":"{{new string('x', 70_000)}}"}""")).AssertError(413, null);
    }

    [Fact]
    public async Task A_wrong_method_is_a_405_with_those_that_are_right_and_a_wrong_path_a_404()
    {
        var wrong = await _bench.SendAsync(HttpMethod.Put, "keys/key_x", "{}");
        wrong.AssertError(405, "method_not_allowed");
        Assert.Equal(["DELETE", "GET", "PATCH"], wrong.Allow);
        (await _bench.SendAsync(HttpMethod.Get, "kys")).AssertError(404, "not_found");
        (await _bench.SendAsync(HttpMethod.Get, "keys/key_x")).AssertError(404, "key_not_found");
        (await _bench.SendAsync(HttpMethod.Delete, "keys/key_x")).AssertError(404, "key_not_found");
    }

    [Fact]
    public async Task A_name_that_is_taken_is_a_409()
    {
        await _bench.CreateAsync("ci");

        (await _bench.SendAsync(HttpMethod.Post, "keys", """{"tenant":"acme","project":"search","name":"ci"}""")).AssertError(409, "name_taken", "name");
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("cursor=%21", "cursor")]
    [InlineData("cursor=eDp5", "cursor")]
    [InlineData("include_revoked=yes", "include_revoked")]
    [InlineData("tenant=a&tenant=b", "tenant")]
    public async Task A_bad_query_is_a_400_that_names_the_parameter(string query, string param) =>
        (await _bench.SendAsync(HttpMethod.Get, $"keys?{query}")).AssertError(400, "invalid_value", param);

    [Fact]
    public async Task A_filter_that_is_mistyped_does_not_filter_nothing()
    {
        Assert.Contains("Did you mean 'tenant'?", (await _bench.SendAsync(HttpMethod.Get, "keys?tennant=acme")).AssertError(400, "unknown_parameter", "tennant"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_hold_each_key_once_configured_ones_first_while_keys_are_made()
    {
        var expected = new[] { ConfiguredId, ConfiguredKey.IdOf("beta", "search", "unset") }.Order(StringComparer.Ordinal).ToList();
        for (var i = 0; i < 7; i++)
        {
            expected.Add((await _bench.CreateAsync($"key-{i}")).Id);
        }

        for (var limit = 1; limit <= 4; limit++)
        {
            var seen = new List<string>();
            string? cursor = null;
            do
            {
                var page = await _bench.SendAsync(HttpMethod.Get, $"keys?limit={limit}{(cursor is null ? "" : $"&cursor={cursor}")}");
                if (seen.Count == 0)
                {
                    expected.Add((await _bench.CreateAsync($"late-{limit}")).Id);
                }

                seen.AddRange(page.Json.GetProperty("data").EnumerateArray().Select(key => key.GetProperty("id").GetString()!));
                Assert.Equal(page.Json.GetProperty("has_more").GetBoolean(), page.Json.GetProperty("next_cursor").ValueKind == JsonValueKind.String);
                Assert.InRange(seen.Count, 1, expected.Count);
                cursor = page.Json.GetProperty("next_cursor").GetString();
            }
            while (cursor is not null);

            Assert.Equal(expected, seen);
        }
    }

    [Fact]
    public async Task Filters_hold_for_configured_and_stored_keys()
    {
        await _bench.CreateAsync("ci");
        await _bench.SendAsync(HttpMethod.Post, "keys", """{"tenant":"acme","project":"chat","name":"bot"}""");

        async Task<string> Names(string query) => string.Join(",", (await _bench.SendAsync(HttpMethod.Get, $"keys?{query}")).Json
            .GetProperty("data").EnumerateArray().Select(key => $"{key.GetProperty("name")}:{key.GetProperty("status")}"));

        Assert.Equal("configured:active,ci:active,bot:active", await Names("tenant=acme"));
        Assert.Equal("bot:active", await Names("tenant=acme&project=chat"));
        Assert.Equal("unset:unset", await Names("tenant=beta"));
    }
}
