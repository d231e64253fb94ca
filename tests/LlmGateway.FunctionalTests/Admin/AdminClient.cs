using System.Net;
using System.Text;
using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Admin;

internal sealed record AdminAnswer(HttpStatusCode Status, string Text, string? ContentType)
{
    public JsonElement Json { get; } = ContentType == "application/json" ? JsonDocument.Parse(Text).RootElement : default;

    public string? this[string member] => Json.GetProperty(member).GetString();

    public string? Code => Json.GetProperty("error").GetProperty("code").GetString();
}

/// <summary>The admin API of a gateway, with its key.</summary>
internal sealed class AdminClient(TestGateway gateway)
{
    public string Key { get; } = File.ReadAllText(Path.Combine(gateway.Configuration.DataFolder, "admin.key")).Trim();

    public Task<AdminAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public async Task<AdminAnswer> SendAsync(HttpMethod method, string path, string? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, $"admin/v1/{path}");
        request.Headers.Authorization = new("Bearer", key ?? Key);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await gateway.Client.SendAsync(request, gateway.Soon);
        return new AdminAnswer(answer.StatusCode, await answer.Content.ReadAsStringAsync(gateway.Soon), answer.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>What a caller with that key is answered.</summary>
    public async Task<HttpStatusCode> CallAsync(string key, string model = "chat")
    {
        using var answer = await gateway.ChatAsync(model: model, with: request => request.Headers.Authorization = new("Bearer", key));
        return answer.StatusCode;
    }
}
