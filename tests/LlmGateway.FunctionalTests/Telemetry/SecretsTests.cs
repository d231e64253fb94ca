using System.Net;
using System.Text;
using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmGateway.FunctionalTests.Telemetry;

/// <summary>Plants what must not be seen, goes every way that can fail, and then looks everywhere.</summary>
public sealed class SecretsTests : IAsyncLifetime
{
    private const string ProviderKey = "sk-canary-of-the-provider-5e1f7a90c2";
    private const string Prompt = "canary of the prompt, which is nobody's business";
    private const string Tag = "canary-of-a-tag";
    private const string Header = "canary-of-a-header";

    private static readonly Dictionary<string, string> Faults = new()
    {
        ["upstream-auth"] = "status=401",
        ["model-access"] = "status=404",
        ["context-length"] = "status=400,code=context_length_exceeded",
        ["rate-limit"] = "status=429",
        ["overloaded"] = "status=503",
        ["failed"] = "status=500",
        ["bad-request"] = "status=422",
        ["reset"] = "reset",
        ["hang"] = "hang",
        ["stall"] = "stall=3",
        ["cut"] = "cut=6",
        ["malformed"] = "malformed=6",
        ["error-frame"] = "error=6",
        ["error-200"] = "error200",
        ["no-usage"] = "nousage",
    };

    private readonly TestConfiguration _configuration = new(Faults, timeouts: "{ connect: 2s, first_event: 500ms, idle: 500ms, total: 60s }");
    private readonly LogCapture _log = new();
    private readonly List<string> _answers = [];
    private EchoUpstream _echo = null!;
    private OtlpReceiver _traces = null!;
    private TestGateway _gateway = null!;
    private string _storeKey = "";
    private string _adminKey = "";

    public async Task InitializeAsync()
    {
        _echo = await EchoUpstream.StartAsync();
        _traces = await OtlpReceiver.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(_configuration.GatewayYaml)!, "echo.key"), ProviderKey);
        string Lines(Func<string, string> line) => string.Concat(EchoUpstream.Manners.Select(manner => "\n  " + line(manner)));
        _configuration.Write(_configuration.Read()
            .Replace("level: warning", "level: trace", StringComparison.Ordinal)
            .Replace("\nproviders:", "\nproviders:" + Lines(manner => $"echo-{manner}: {{ dialect: openai, base_url: \"{_echo.BaseAddress}\", credentials: [ {{ key: \"${{file:echo.key}}\" }} ] }}"), StringComparison.Ordinal)
            .Replace("\ndeployments:", "\ndeployments:" + Lines(manner => $"echo-{manner}/{manner}: {{ model: {manner} }}"), StringComparison.Ordinal)
            .Replace("\nroutes:", "\nroutes:" + Lines(manner => $"{manner}: {{ deployments: [echo-{manner}/{manner}], failover: {{ attempts: 1 }} }}"), StringComparison.Ordinal));
        _traces.Configure(_configuration, "sample: 1");
        _gateway = await TestGateway.StartAsync(_configuration, configure: services => services.AddSingleton<ILoggerProvider>(_log));
        _adminKey = (await File.ReadAllTextAsync(Path.Combine(_configuration.DataFolder, "admin.key"))).Trim();
        await GoEveryWayAsync();
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _echo.DisposeAsync();
        await _traces.DisposeAsync();
        _configuration.Dispose();
    }

    [Fact]
    public async Task No_secret_shows_anywhere()
    {
        Assert.All(_answers, ExpectNoSecret);
        Assert.All(_log.Lines, line =>
        {
            ExpectNoSecret(line);
            ExpectNone(line, Prompt, Tag, Header);
        });
        Assert.Contains(_log.Lines, line => line.Contains("chat.completions 502", StringComparison.Ordinal));

        var metrics = await _gateway.Client.GetStringAsync(new Uri("metrics", UriKind.Relative));
        ExpectNoSecret(metrics);
        ExpectNone(metrics, Prompt, Tag, Header);

        var config = await AdminAsync(HttpMethod.Get, "config", _adminKey);
        Assert.Contains("${file:echo.key}", config, StringComparison.Ordinal);
        ExpectNoSecret(config);
        ExpectNoSecret(await AdminAsync(HttpMethod.Get, "deployments", _adminKey));
        ExpectNoSecret(await AdminAsync(HttpMethod.Get, "keys", _adminKey));
        ExpectNoSecret(await AdminAsync(HttpMethod.Get, "usage?group_by=key,tag:team", _adminKey));
    }

    [Fact]
    public async Task A_support_bundle_has_no_secret_and_no_content()
    {
        var files = await Admin.SupportBundleTests.ReadAsync(_gateway);

        Assert.All(files, file =>
        {
            ExpectNoSecret(file.Value);
            ExpectNone(file.Value, Prompt, Tag, Header);
        });
        Assert.Contains("\"endpoint\":\"chat.completions\"", files["exchanges.jsonl"], StringComparison.Ordinal);
    }

    [Fact]
    public void No_trace_has_a_secret_or_content()
    {
        var spans = _traces.After(_gateway);

        Assert.True(spans.Count > 100, $"{spans.Count} spans");
        Assert.Contains(spans, static span => span.Attributes.TryGetValue("error.type", out var kind) && kind == "upstream_auth");
        Assert.All(_traces.Bodies, body =>
        {
            var text = Encoding.Latin1.GetString(body);
            ExpectNoSecret(text);
            ExpectNone(text, Prompt, Tag, Header);
        });
    }

    [Fact]
    public async Task Nothing_of_it_is_on_disk_but_the_admin_key_in_its_file()
    {
        var files = Directory.GetFiles(_configuration.DataFolder).Where(file => Path.GetFileName(file) is not ("admin.key" or "gateway.lock")).ToList();
        Assert.Contains(files, file => file.EndsWith("gateway.db", StringComparison.Ordinal));
        Assert.Contains(files, file => file.EndsWith("gateway.db-wal", StringComparison.Ordinal));
        Assert.Contains(files, file => Path.GetFileName(file).StartsWith("intents", StringComparison.Ordinal));
        var texts = new List<string>();
        foreach (var file in files)
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            texts.Add(await reader.ReadToEndAsync());
        }

        Assert.All(texts, text =>
        {
            ExpectNoSecret(text);
            ExpectNone(text, Prompt, Header);
        });
        Assert.Contains(texts, text => text.Contains(Tag, StringComparison.Ordinal));
    }

    [Fact]
    public void A_provider_sees_its_own_credential_and_nobody_elses()
    {
        var simulated = _gateway.Simulator.Requests.Snapshot()
            .Select(request => string.Join('\n', request.Headers.Select(header => $"{header.Key}: {header.Value}")) + Encoding.UTF8.GetString(request.Body.Span)).ToList();

        Assert.NotEmpty(simulated);
        Assert.All(simulated, ExpectNoSecret);
        Assert.NotEmpty(_echo.Received);
        Assert.All(_echo.Received, received =>
        {
            Assert.Contains($"Authorization: Bearer {ProviderKey}", received, StringComparison.Ordinal);
            ExpectNone(received, TestConfiguration.Key, TestConfiguration.OtherKey, _storeKey, _adminKey, Header);
        });
    }

    [Fact]
    public void What_a_provider_says_reaches_the_client_but_for_the_credential()
    {
        Assert.Contains(_answers, answer => answer.Contains("Bad request with headers {authorization: Bearer ***}", StringComparison.Ordinal));
        Assert.Contains(_answers, answer => answer.Contains("Internal error while handling Authorization: Bearer ***", StringComparison.Ordinal));
        Assert.Contains(_answers, answer => answer.Contains("lost Bearer ***", StringComparison.Ordinal));
        Assert.Contains(_answers, answer => answer.Contains("xxxBearer ***", StringComparison.Ordinal));
    }

    private async Task GoEveryWayAsync()
    {
        var made = await AdminAsync(HttpMethod.Post, "keys", _adminKey, """{"tenant":"acme","project":"search","name":"canary"}""", keep: false);
        _storeKey = JsonDocument.Parse(made).RootElement.GetProperty("key").GetString()!;
        foreach (var model in (string[])["chat", "absent", "down", "locked", "strict", .. Faults.Keys, .. EchoUpstream.Manners])
        {
            await SendAsync(Chat(model), TestConfiguration.Key);
            await SendAsync(Chat(model, "\"stream\":true,"), _storeKey);
        }

        await SendAsync(Chat("chat")[..^2], TestConfiguration.Key);
        await SendAsync(Chat("chat", "\"n\":"), TestConfiguration.Key);
        await SendAsync(Chat("chat", "\"stream\":\"yes\","), TestConfiguration.Key);
        await SendAsync(Chat("chat") + new string(' ', 1_100_000), TestConfiguration.Key);
        await SendAsync(Chat("chat"), TestConfiguration.Key + "x");
        await SendAsync(Chat("chat"), TestConfiguration.Key[..^1]);
        await SendAsync(Chat("chat"), $"{TestConfiguration.Key} {TestConfiguration.OtherKey}");
        await SendAsync(Chat("chat"), _adminKey);
        await AdminAsync(HttpMethod.Get, "config", TestConfiguration.Key);
        await AdminAsync(HttpMethod.Get, "config", _adminKey + "x");
        await AdminAsync(HttpMethod.Post, "keys", _adminKey, $"{{\"name\":\"{Prompt}\",");
        await AdminAsync(HttpMethod.Post, "config/check", _adminKey, $"providers: {{ x: {{ credentials: [ {{ key: \"{ProviderKey}\" }} ] }} }}\n");
        await AdminAsync(HttpMethod.Delete, $"keys/{JsonDocument.Parse(made).RootElement.GetProperty("id").GetString()}", _adminKey);
        await SendAsync(Chat("chat"), _storeKey);
    }

    private static string Chat(string model, string more = "") =>
        $$"""{"model":"{{model}}",{{more}}"metadata":{"team":"{{Tag}}"},"messages":[{"role":"user","content":"{{Prompt}}"}]}""";

    private async Task SendAsync(string body, string key)
    {
        using var answer = await _gateway.PostAsync("v1/chat/completions", body, with: request =>
        {
            request.Headers.Authorization = null;
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
            request.Headers.Add("x-gateway-tags", $"canary={Tag}");
            request.Headers.Add("x-anything", Header);
            request.Headers.Add("cookie", Header);
        });
        await KeepAsync(answer);
    }

    private async Task<string> AdminAsync(HttpMethod method, string path, string key, string? body = null, bool keep = true)
    {
        using var request = new HttpRequestMessage(method, $"admin/v1/{path}");
        request.Headers.Authorization = new("Bearer", key);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _gateway.Client.SendAsync(request, _gateway.Soon);
        return keep ? await KeepAsync(answer) : await answer.Content.ReadAsStringAsync(_gateway.Soon);
    }

    private async Task<string> KeepAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(_gateway.Soon);
        _answers.Add($"{answer.StatusCode} {answer.Headers} {text}");
        if (answer.StatusCode != HttpStatusCode.OK && !text.Contains("Bearer ***", StringComparison.Ordinal))
        {
            Assert.DoesNotContain(Prompt, text, StringComparison.Ordinal);
        }

        return text;
    }

    private void ExpectNoSecret(string text) => ExpectNone(text, TestConfiguration.Key[..^1], TestConfiguration.OtherKey, _storeKey, _adminKey, ProviderKey, ProviderKey[..16]);

    private static void ExpectNone(string text, params string[] canaries) =>
        Assert.All(canaries, canary => Assert.DoesNotContain(canary, text, StringComparison.Ordinal));
}
