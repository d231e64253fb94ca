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
}
