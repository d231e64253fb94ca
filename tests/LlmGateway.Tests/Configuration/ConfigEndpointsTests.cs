using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LlmGateway.Admin;
using LlmGateway.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Tests.Configuration;

public sealed class ConfigEndpointsTests : IAsyncLifetime
{
    private readonly ConfigFolder _folder = new(ContractExample.Files);
    private readonly HttpClient _client = new();
    private WebApplication _app = null!;

    public async Task InitializeAsync()
    {
        _folder.Write("key", "vendor-secret-in-a-file");
        _folder.Write("providers.yaml", ContractExample.Files[1].Text.Replace("${env:DEEPSEEK_API_KEY}", "${file:key}", StringComparison.Ordinal));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddGatewayConfiguration(_folder.Paths, ConfigurationLoader.Load(_folder.Root));
        _app = builder.Build();
        _app.MapGroup("/admin/v1").MapConfigEndpoints();
        await _app.StartAsync();
        _client.BaseAddress = new Uri(_app.Urls.Single());
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_shows_what_is_in_force_without_secrets()
    {
        var text = await _client.GetStringAsync("/admin/v1/config");
        var shown = JsonNode.Parse(text)!;
        Assert.Equal(1, (int)shown["version"]!);
        Assert.Equal("config/deployments.yaml", (string?)shown["files"]![0]!["file"]);
        Assert.Equal(64, ((string)shown["files"]![0]!["sha256"]!).Length);
        var secret = shown["files"]!.AsArray().Single(file => (string?)file!["file"] == "config/key")!.AsObject();
        Assert.Equal(["file", "secret"], secret.Select(member => member.Key));
        Assert.Equal("applied", (string?)shown["last_reload"]!["result"]);
        Assert.Equal("routes.chat.on_unsupported", (string?)shown["last_reload"]!["problems"]!.AsArray().Single(problem => (int)problem!["column"]! == 5)!["setting"]);
        Assert.Equal("${file:key}", (string?)shown["effective"]!["providers"]!["deepseek"]!["credentials"]![0]!["key"]);
        Assert.Equal("***", (string?)shown["effective"]!["tenants"]!["demo"]!["projects"]!["demo"]!["keys"]![0]!["key"]);
        Assert.Equal("30s", (string?)shown["effective"]!["server"]!["drain"]);
        Assert.DoesNotContain("vendor-secret-in-a-file", text, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-demo", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_reload_is_readable()
    {
        _folder.Write("routes.yaml", "routes: { x: { deployments: [a/b] } }\n");
        _app.Services.GetRequiredService<ConfigurationReloader>().Reload();
        var shown = (await _client.GetFromJsonAsync<JsonNode>("/admin/v1/config"))!;
        Assert.Equal("rejected", (string?)shown["last_reload"]!["result"]);
        Assert.Contains(shown["last_reload"]!["problems"]!.AsArray(), problem => (string?)problem!["setting"] == "routes.x.deployments[0].name");
        Assert.NotNull(shown["effective"]!["routes"]!["chat"]);
    }

    [Fact]
    public async Task A_configuration_is_tried_without_being_put_in_force()
    {
        using var bad = await _client.PostAsync("/admin/v1/config/check", new StringContent("server: { drain: soon }\n"));
        var answer = (await bad.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.False((bool)answer["valid"]!);
        Assert.Equal(
            """{"severity":"error","file":"config/gateway.yaml","line":1,"column":18,"setting":"server.drain","what":"'soon' is not a duration such as 500ms, 5s, 3m, 1h or 7d","remedy":"write a duration such as 500ms, 5s, 3m, 1h or 7d"}""",
            Assert.Single(answer["problems"]!.AsArray())!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        using var good = await _client.PostAsync("/admin/v1/config/check", new StringContent("include: [providers.yaml]\n"));
        Assert.True((bool)(await good.Content.ReadFromJsonAsync<JsonNode>())!["valid"]!);
        Assert.Equal(1, _app.Services.GetRequiredService<ConfigurationReloader>().Current.Version);
    }

    [Fact]
    public async Task Without_a_body_the_files_on_disk_are_tried()
    {
        _folder.Write("gateway.yaml", "sever: {}\n");
        using var answer = await _client.PostAsync("/admin/v1/config/check", null);
        Assert.Equal("'sever' is not a setting", (string?)Assert.Single((await answer.Content.ReadFromJsonAsync<JsonNode>())!["problems"]!.AsArray())!["what"]);
    }

    [Fact]
    public async Task A_body_beyond_all_measure_is_refused()
    {
        using var answer = await _client.PostAsync("/admin/v1/config/check", new ByteArrayContent(new byte[5 * 1024 * 1024]));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }
}
