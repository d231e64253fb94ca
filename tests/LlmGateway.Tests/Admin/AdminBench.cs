using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LlmGateway.Admin;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Keys;
using LlmGateway.Tests.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Tests.Admin;

/// <summary>The admin API on a real Kestrel, over the parts of a <see cref="KeyBench"/>.</summary>
internal sealed class AdminBench : IAsyncDisposable
{
    public const string AdminSecret = "admin-secret-0123456789";

    private readonly WebApplication _app;
    private readonly HttpClient _client = new();

    private AdminBench(KeyBench keys, WebApplication app) => (Keys, _app) = (keys, app);

    public KeyBench Keys { get; }

    public IServiceProvider Services => _app.Services;

    public static Task<AdminBench> StartAsync(params ConfiguredKey[] configured) => StartAsync(static _ => { }, configured);

    public static Task<AdminBench> StartAsync(IBudgetFigures figures) => StartAsync(services => services.AddSingleton(figures));

    private static async Task<AdminBench> StartAsync(Action<IServiceCollection> configure, params ConfiguredKey[] configured)
    {
        var keys = new KeyBench(configured);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(keys.Log);
        builder.Services.AddSingleton<TimeProvider>(keys.Time);
        builder.Services.AddSingleton<ISnapshotSource>(keys.Snapshots);
        builder.Services.AddSingleton<ISnapshotOverlay>(keys.Snapshots);
        builder.Services.AddSingleton(keys.Database);
        builder.Services.AddSingleton(new AdminKey(new Secret(AdminSecret)));
        builder.Services.AddKeys().AddAdmin();
        configure(builder.Services);
        var app = builder.Build();
        var group = app.MapAdmin();
        group.MapGet("throws", string (Microsoft.AspNetCore.Http.HttpContext _) => throw new InvalidOperationException("inner words"));
        await app.StartAsync();
        return new AdminBench(keys, app) { _client = { BaseAddress = new Uri(app.Urls.Single()) } };
    }

    /// <summary>Who the running gateway takes the presenter of a key for.</summary>
    public KeyVerdict Check(string secret) => Services.GetRequiredService<KeyDirectory>().Check(secret, Keys.Time.GetUtcNow()).Verdict;

    public Task<AdminAnswer> SendAsync(HttpMethod method, string path, string? body = null) =>
        SendAsync(method, path, body, "application/json", $"Bearer {AdminSecret}");

    public async Task<AdminAnswer> SendAsync(HttpMethod method, string path, string? body, string? contentType, string? authorization)
    {
        using var request = new HttpRequestMessage(method, $"/admin/v1/{path}");
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        }

        using var response = await _client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        return new AdminAnswer(response.StatusCode, JsonDocument.Parse(text).RootElement, text, response.Content.Headers.Allow.ToArray());
    }

    public async Task<(string Id, string Secret)> CreateAsync(string name, string more = "")
    {
        var answer = await SendAsync(HttpMethod.Post, "keys", $$"""{"tenant":"acme","project":"search","name":"{{name}}"{{more}}}""");
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return (answer["id"]!, answer["key"]!);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        Keys.Dispose();
    }
}

internal sealed record AdminAnswer(HttpStatusCode Status, JsonElement Json, string Text, string[] Allow)
{
    public string? this[string member] => Json.GetProperty(member) is { ValueKind: JsonValueKind.String } text ? text.GetString() : Json.GetProperty(member).GetRawText();

    /// <summary>Holds the answer against OpenAI's error body: four fields, none of them missing.</summary>
    public string AssertError(int status, string? code, string? param = null)
    {
        Assert.Equal((status, code, param), ((int)Status, Json.GetProperty("error").GetProperty("code").GetString(), Json.GetProperty("error").GetProperty("param").GetString()));
        Assert.Equal(4, Json.GetProperty("error").EnumerateObject().Count());
        Assert.NotEqual("", Json.GetProperty("error").GetProperty("type").GetString());
        return Json.GetProperty("error").GetProperty("message").GetString()!;
    }
}
