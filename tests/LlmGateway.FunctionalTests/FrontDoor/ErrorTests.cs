using System.Net;
using System.Text;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.FrontDoor;

public class ErrorTests
{
    [Fact]
    public async Task Without_a_key_it_is_401()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Client.DefaultRequestHeaders.Authorization = null;

        using var response = await gateway.ChatAsync();

        await ExpectAsync(response, HttpStatusCode.Unauthorized, "invalid_request_error", null);
    }

    [Fact]
    public async Task An_unknown_key_is_401_invalid_api_key_and_is_not_echoed()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Client.DefaultRequestHeaders.Authorization = new("Bearer", "sk-nobody-knows-this-one-at-all");

        using var response = await gateway.ChatAsync();

        var message = await ExpectAsync(response, HttpStatusCode.Unauthorized, "invalid_request_error", "invalid_api_key");
        Assert.DoesNotContain("nobody-knows", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api-key")]
    [InlineData("x-api-key")]
    public async Task A_key_may_come_in_other_headers(string header)
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Client.DefaultRequestHeaders.Authorization = null;
        gateway.Client.DefaultRequestHeaders.Add(header, TestConfiguration.Key);

        using var response = await gateway.ChatAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_route_that_the_key_may_not_use_is_like_one_that_does_not_exist()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Client.DefaultRequestHeaders.Authorization = new("Bearer", TestConfiguration.OtherKey);

        using var forbidden = await gateway.ChatAsync(model: "secret");
        using var absent = await gateway.ChatAsync(model: "absent");

        var first = await ExpectAsync(forbidden, HttpStatusCode.NotFound, "invalid_request_error", "model_not_found");
        var second = await ExpectAsync(absent, HttpStatusCode.NotFound, "invalid_request_error", "model_not_found");
        Assert.Equal(first.Replace("secret", "absent", StringComparison.Ordinal), second);
    }

    [Fact]
    public async Task Malformed_json_names_the_place()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.PostAsync("v1/chat/completions", "{\"model\":\"chat\",\n \"messages\":[}");

        var message = await ExpectAsync(response, HttpStatusCode.BadRequest, "invalid_request_error", "invalid_json");
        Assert.Contains("line 2", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"messages":[]}""", "model")]
    [InlineData("""{"model":7,"messages":[]}""", "model")]
    [InlineData("""{"model":"chat"}""", "messages")]
    [InlineData("""{"model":"chat","messages":"hi"}""", "messages")]
    [InlineData("""{"model":"chat","messages":[],"stream":"yes"}""", "stream")]
    public async Task What_is_missing_or_of_the_wrong_type_is_named(string body, string param)
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.PostAsync("v1/chat/completions", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(param, (await TestGateway.ErrorAsync(response)).GetProperty("param").GetString());
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_413()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.PostAsync("v1/chat/completions", new string(' ', 1_100_000) + TestGateway.ChatBody());

        await ExpectAsync(response, HttpStatusCode.RequestEntityTooLarge, "invalid_request_error", "request_too_large");
    }

    [Fact]
    public async Task A_body_without_a_length_is_bounded_too()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.PostAsync("v1/chat/completions", "", with: request =>
        {
            request.Content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(new string(' ', 1_100_000) + TestGateway.ChatBody())));
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.TransferEncodingChunked = true;
        });

        await ExpectAsync(response, HttpStatusCode.RequestEntityTooLarge, "invalid_request_error", "request_too_large");
    }

    [Fact]
    public async Task Without_a_usable_deployment_it_is_503_with_the_reason()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.ChatAsync(model: "locked");

        var message = await ExpectAsync(response, HttpStatusCode.ServiceUnavailable, "server_error", "no_deployment_available");
        Assert.Contains("locked has no credential", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_is_down_is_502_and_the_attempt_is_a_row()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var response = await gateway.ChatAsync(model: "down");

        var message = await ExpectAsync(response, HttpStatusCode.BadGateway, "server_error", "upstream_error");
        Assert.Contains("refused", message, StringComparison.Ordinal);
        var row = gateway.OnlyRow();
        Assert.Equal("bad_gateway", row["error_class"]);
        Assert.Null(row["status"]);
        Assert.Null(row["input_tokens"]);
        Assert.Equal("0.000000000", row["cost"]);
        Assert.Equal("unknown", row["usage_source"]);
    }

    [Fact]
    public async Task An_unknown_path_and_a_wrong_method_have_OpenAIs_body()
    {
        await using var gateway = await TestGateway.StartAsync();

        using var path = await gateway.PostAsync("v1/chat/complete", "{}");
        using var method = await gateway.Client.GetAsync(new Uri("v1/chat/completions", UriKind.Relative), gateway.Soon);

        await ExpectAsync(path, HttpStatusCode.NotFound, "invalid_request_error", "unknown_url");
        await ExpectAsync(method, HttpStatusCode.MethodNotAllowed, "invalid_request_error", "method_not_allowed");
    }

    private static async Task<string> ExpectAsync(HttpResponseMessage response, HttpStatusCode status, string type, string? code)
    {
        var error = await TestGateway.ErrorAsync(response);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(type, error.GetProperty("type").GetString());
        Assert.Equal(code, error.GetProperty("code").GetString());
        return error.GetProperty("message").GetString()!;
    }
}
