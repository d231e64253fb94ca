using System.Net;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Routing;

/// <summary>Routing as a client meets it, over real sockets.</summary>
public sealed class RoutingTests
{
    [Fact]
    public async Task The_cheapest_answers_where_the_route_or_the_client_wants_that()
    {
        using var configuration = WithDear();
        await using var gateway = await TestGateway.StartAsync(configuration);

        using var first = await gateway.ChatAsync(model: "two");
        using var cheapest = await gateway.ChatAsync(model: "two", with: request => request.Headers.Add("x-gateway-policy", "cheapest"));
        using var narrowed = await gateway.ChatAsync(model: "two", with: request => request.Headers.Add("x-gateway-max-cost", "0.01"));

        Assert.Equal(["sim/dear", "sim/small", "sim/small"], new[] { first, cheapest, narrowed }.Select(Deployment));
    }

    [Fact]
    public async Task A_deployment_is_addressed_by_its_name_and_booked_as_such()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.ChatAsync(model: "sim/small");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("sim/small", Deployment(response));
        var row = gateway.OnlyRow();
        Assert.Equal(("sim/small", "sim/small", "sim/small"), (row["route"], row["deployment"], row["model_asked"]));
    }

    [Fact]
    public async Task A_deployment_beyond_the_routes_of_the_key_is_not_there()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var listed = await gateway.ChatAsync(model: "sim/small", with: AsGlobex);
        using var beyond = await gateway.ChatAsync(model: "sim/unpriced", with: AsGlobex);
        using var fallback = await gateway.ChatAsync("\"fallbacks\":[\"sim/unpriced\"]", with: AsGlobex);

        Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, beyond.StatusCode);
        await ExpectAsync(fallback, HttpStatusCode.BadRequest, "model_not_found", "fallbacks");
    }

    [Fact]
    public async Task A_fallback_answers_where_the_route_has_nobody()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var response = await gateway.ChatAsync("\"fallbacks\":[\"chat\"]", model: "locked");
        Assert.Equal("sim/small", Deployment(response));
        Assert.Equal("locked", gateway.OnlyRow()["route"]);
    }

    [Fact]
    public async Task What_cannot_be_routed_is_told_and_nobody_is_asked()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var policy = await gateway.ChatAsync(with: request => request.Headers.Add("x-gateway-policy", "luck"));
        using var ceiling = await gateway.ChatAsync(with: request => request.Headers.Add("x-gateway-max-cost", "0.0000001"));
        using var amount = await gateway.ChatAsync(with: request => request.Headers.Add("x-gateway-max-cost", "much"));
        using var capability = await gateway.ChatAsync("\"reasoning_effort\":\"high\"");

        await ExpectAsync(policy, HttpStatusCode.BadRequest, "invalid_header", "x-gateway-policy");
        await ExpectAsync(ceiling, HttpStatusCode.BadRequest, "max_cost_exceeded", "x-gateway-max-cost");
        await ExpectAsync(amount, HttpStatusCode.BadRequest, "invalid_header", "x-gateway-max-cost");
        await ExpectAsync(capability, HttpStatusCode.BadRequest, "unsupported_capability", "model");
        Assert.Empty(gateway.Rows());
    }

    [Fact]
    public async Task A_tenants_data_stays_in_its_region()
    {
        using var configuration = new TestConfiguration().Edit("acme: { projects:", "acme: { require: { region: cn }, projects:");
        await using var gateway = await TestGateway.StartAsync(configuration);

        using var response = await gateway.ChatAsync();
        using var other = await gateway.ChatAsync(with: AsGlobex);

        var message = await ExpectAsync(response, HttpStatusCode.ServiceUnavailable, "no_deployment_available", null);
        Assert.Contains("requires cn", message, StringComparison.Ordinal);
        Assert.Equal("false", response.Headers.GetValues("x-should-retry").Single());
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Theory]
    [InlineData("free", 403, null)]
    [InlineData("chat", 200, "sim/small")]
    public async Task A_route_that_refuses_what_has_no_price_refuses_it_of_its_fallbacks_too(string fallback, int status, string? answered)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var response = await gateway.ChatAsync($"\"fallbacks\":[\"{fallback}\"]", model: "strict");

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(answered, response.Headers.TryGetValues("x-gateway-deployment", out var names) ? names.Single() : null);
        Assert.Equal(status == 200 ? 1 : 0, gateway.Rows().Count);
    }

    private static TestConfiguration WithDear() => new TestConfiguration()
        .Edit("  sim/unpriced: { model: sim-large }", "  sim/unpriced: { model: sim-large }\n  sim/dear: { model: sim-small, price: dear }")
        .Edit("  free: {", "  two: { deployments: [sim/dear, sim/small] }\n  free: {")
        .Edit("  sim/sim-embedding: [", "  dear: [ { from: 2026-01-01, currency: USD, per: 1000000, input: 1000, output: 4000, source: \"made up for tests\" } ]\n  sim/sim-embedding: [");

    private static void AsGlobex(HttpRequestMessage request) => request.Headers.Authorization = new("Bearer", TestConfiguration.OtherKey);

    private static string Deployment(HttpResponseMessage response) => response.Headers.GetValues("x-gateway-deployment").Single();

    private static async Task<string> ExpectAsync(HttpResponseMessage response, HttpStatusCode status, string code, string? param)
    {
        var error = await TestGateway.ErrorAsync(response);
        Assert.Equal((status, code, param), (response.StatusCode, error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
        return error.GetProperty("message").GetString()!;
    }
}
