using System.Text.Json;
using System.Text.RegularExpressions;

namespace LlmGateway.Tests.Admin;

public sealed class OpenApiTests : IAsyncLifetime
{
    private AdminBench _bench = null!;

    public async Task InitializeAsync() => _bench = await AdminBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Every_reference_of_the_document_leads_somewhere()
    {
        var answer = await _bench.SendAsync(HttpMethod.Get, "openapi.json");
        var references = Regex.Matches(answer.Text, "\"\\$ref\": \"#/([^\"]+)\"").Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.Equal(JsonValueKind.Object, reference.Split('/').Aggregate(answer.Json, (at, name) => at.GetProperty(name)).ValueKind));
    }

    [Fact]
    public async Task The_document_has_every_member_of_a_key_that_is_answered()
    {
        var (id, _) = await _bench.CreateAsync("ci");
        var key = (await _bench.SendAsync(HttpMethod.Get, $"keys/{id}")).Json;
        var schema = (await _bench.SendAsync(HttpMethod.Get, "openapi.json")).Json.GetProperty("components").GetProperty("schemas").GetProperty("Key");

        Assert.Equal(key.EnumerateObject().Select(member => member.Name), schema.GetProperty("properties").EnumerateObject().Select(member => member.Name));
        Assert.Equal(key.EnumerateObject().Select(member => member.Name), schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()!));
    }

    [Theory]
    [InlineData("tenants", "Tenant", """{"name":"x"}""")]
    [InlineData("projects", "Project", """{"tenant":"acme","name":"x"}""")]
    [InlineData("budgets", "Budget", """{"tenant":"acme","amount":"1","period":"day"}""")]
    [InlineData("limits", "Limit", """{"tenant":"acme","concurrent":1}""")]
    public async Task The_document_has_every_member_that_may_be_sent_and_is_answered(string path, string schema, string body)
    {
        var made = (await _bench.SendAsync(HttpMethod.Post, path, body)).Json.EnumerateObject().Select(member => member.Name).ToHashSet();
        var document = (await _bench.SendAsync(HttpMethod.Get, "openapi.json")).Json;
        var described = document.GetProperty("components").GetProperty("schemas").GetProperty(schema);

        Assert.Equal(made, described.GetProperty("required").EnumerateArray().Select(name => name.GetString()!).ToHashSet());
        Assert.Equal([.. made, "warnings"], described.GetProperty("properties").EnumerateObject().Select(member => member.Name).ToHashSet());

        // What is refused names every member that is known.
        var refused = (await _bench.SendAsync(HttpMethod.Post, path, """{"":1}""")).AssertError(400, "unknown_parameter", "");
        var known = refused[(refused.IndexOf("Known are ", StringComparison.Ordinal) + 10)..].Split('.')[0].Split(", ");
        var sent = document.GetProperty("paths").GetProperty($"/{path}").GetProperty("post").GetProperty("requestBody").GetProperty("content")
            .GetProperty("application/json").GetProperty("schema").GetProperty("properties");
        Assert.Equal(known.ToHashSet(), sent.EnumerateObject().Select(member => member.Name).ToHashSet());
    }
}
