using LlmGateway.Configuration;
using LlmGateway.Configuration.Model;
using LlmGateway.Configuration.Settings;

namespace LlmGateway.Tests.Configuration;

public sealed class SecretsTests : IDisposable
{
    private const string Value = "hunter2hunter2hunter2";

    private readonly ConfigFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_gives_its_content_without_the_last_line_break_and_is_looked_for_beside_the_file_that_names_it()
    {
        _folder.Write("secret", Value + "\r\n");
        Directory.CreateDirectory(_folder.PathOf("more"));
        _folder.Write("more/secret", "another-" + Value + "\n");
        _folder.Write("more/keys.yaml", Key("ops", "${file:secret}", "a"));
        _folder.Write("gateway.yaml", "include: [more/keys.yaml]\n" + "providers: { p: { base_url: \"http://h\", credentials: [{ key: \"${file:secret}\" }] } }\n");
        var loaded = _folder.Load();
        Assert.Empty(loaded.Problems);
        Assert.Equal(Value, loaded.Snapshot!.Providers["p"].Credentials[0].Key.Reveal());
        Assert.Equal("another-" + Value, loaded.Snapshot.Keys[0].Key.Reveal());
    }

    [Fact]
    public void A_file_that_is_missing_or_empty_is_an_error()
    {
        _folder.Write("empty", "\n");
        _folder.Write("gateway.yaml", "providers: { p: { base_url: \"http://h\", credentials: [{ key: \"${file:none}\" }, { key: \"${file:empty}\" }] } }\n");
        Assert.Equal(
            [
                "config/gateway.yaml:1:62: providers.p.credentials[0].key: the file 'none' cannot be read, it does not exist: create it, or let the gateway's user read it",
                "config/gateway.yaml:1:87: providers.p.credentials[1].key: the file 'empty' is empty: put the secret in it",
            ],
            Problems());
    }

    [Fact]
    public void A_key_whose_variable_is_not_set_is_left_out_with_a_warning()
    {
        _folder.Write("gateway.yaml", Key("ops", "${env:UNSET}", "a"));
        Assert.Equal(["config/gateway.yaml:1:60: warning: tenants.t.projects.a.keys[0].key: ${env:UNSET} is not set, so the key is left out: set the variable, or remove the key"], Problems());
        Assert.Empty(_folder.Load().Snapshot!.Keys);
    }

    [Theory]
    [InlineData("hunter2hunter2hunter2", "a secret stands in the configuration itself")]
    [InlineData("Bearer ${env:X}", "has text around its reference")]
    [InlineData("${env:X", "is not a complete reference")]
    [InlineData("${env:}", "is not a complete reference")]
    [InlineData("${vault:x}", "refers to 'vault', which is not known")]
    public void A_secret_written_in_another_way_is_an_error_that_does_not_repeat_it(string written, string what)
    {
        _folder.Write("gateway.yaml", $$"""
            providers: { p: { base_url: "http://h", credentials: [{ key: "{{written}}" }] } }
            tenants: { t: { projects: { a: { keys: [ { name: ops, key: "{{written}}" } ] } } } }
            redis: { connection: "{{written}}" }
            """);
        var problems = _folder.Load().Problems;
        Assert.Equal(3, problems.Count);
        Assert.All(problems, problem =>
        {
            Assert.Equal(what, problem.What);
            Assert.DoesNotContain("hunter2", problem.ToString(), StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("server: { drain: sk-abcdefghijkl }")]
    [InlineData("server: sk-abcdefghijkl")]
    [InlineData("providers: { p: { base_url: \"https://user:sk-abcdefghijkl@host\" } }")]
    [InlineData("providers: { p: { base_url: builtin, credentials: sk-abcdefghijkl } }")]
    [InlineData("providers: { p: { base_url: builtin, credentials: [sk-abcdefghijkl] } }")]
    [InlineData("providers: { p: { base_url: builtin, credentials: [{ key: [sk-abcdefghijkl] }] } }")]
    [InlineData("providers: { p: { base_url: builtin, dialect: sk-abcdefghijkl } }")]
    [InlineData("tenants: { t: { projects: { p: { keys: [sk-abcdefghijkl] } } } }")]
    [InlineData("tenants: { t: { projects: { p: { keys: { sk-abcdefghijkl: 1 } } } } }")]
    [InlineData("sk-abcdefghijkl: 1")]
    public void A_secret_in_the_wrong_place_is_not_repeated(string text)
    {
        _folder.Write("gateway.yaml", text);
        var problems = _folder.Load().Problems;
        Assert.NotEmpty(problems);
        Assert.All(problems, problem => Assert.DoesNotContain("abcdefghijkl", problem.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Two_keys_with_one_value_or_one_name_are_told_without_the_value()
    {
        _folder.Environment["K"] = Value;
        _folder.Write("gateway.yaml", """
            tenants:
              t: { projects: { a: { keys: [ { name: ci, key: "${env:K}" }, { name: ci, key: "${env:K}" } ] } } }
            """);
        Assert.Equal(
            [
                "config/gateway.yaml:2:72: tenants.t.projects.a.keys[1].name: two keys of the project are named 'ci': give each a name of its own",
                "config/gateway.yaml:2:81: tenants.t.projects.a.keys[1].key: another key has the same value: give each a value of its own; the other is at config/gateway.yaml:2:50",
            ],
            Problems());
    }

    [Fact]
    public void A_key_that_can_be_guessed_is_refused()
    {
        _folder.Environment["K"] = "short";
        _folder.Write("gateway.yaml", Key("ops", "${env:K}", "a"));
        Assert.Equal(
            ["config/gateway.yaml:1:60: tenants.t.projects.a.keys[0].key: the key is shorter than 16 characters: use a longer one, or let 'keys create' make it"],
            Problems());
    }

    [Theory]
    [InlineData("http://0.0.0.0:8080", false)]
    [InlineData("http://*:8080", false)]
    [InlineData("http://192.168.1.5:8080", false)]
    [InlineData("http://gateway.example:8080", false)]
    [InlineData("http://localhost:8080", true)]
    [InlineData("http://127.0.0.9:8080", true)]
    [InlineData("http://[::1]:8080", true)]
    public void A_demo_key_is_for_loopback_addresses_only(string url, bool allowed)
    {
        var text = "tenants: { t: { projects: { a: { keys: [ { name: x, key: sk-demo, demo: true } ] } } } }\n";
        _folder.Write("gateway.yaml", text + $"server: {{ urls: [\"http://127.0.0.1:1\", \"{url}\"] }}\n");
        var expected = $"config/gateway.yaml:1:73: tenants.t.projects.a.keys[0].demo: a demo key while listening on '{url}': remove the demo key, or listen on 127.0.0.1 only";
        Assert.Equal(allowed ? [] : [expected], Problems());

        _folder.Write("gateway.yaml", text);
        var paths = _folder.Paths with { Urls = [url] };
        Assert.Equal(allowed, new ConfigurationLoader(paths, TimeProvider.System).Load().Snapshot is not null);
    }

    [Fact]
    public void The_effective_configuration_shows_where_secrets_come_from_and_not_the_secrets()
    {
        foreach (var (name, text) in ContractExample.Files)
        {
            _folder.Write(name, text);
        }

        foreach (var (name, value) in ContractExample.Environment)
        {
            _folder.Environment[name] = value;
        }

        var loaded = _folder.Load();
        var shown = RecordType<GatewayConfig>.Instance.Show(loaded.Config!).ToJsonString();
        var everything = shown + loaded.Config + string.Join('\n', loaded.Problems);
        Assert.Contains("DEEPSEEK_API_KEY", shown, StringComparison.Ordinal);
        Assert.All(ContractExample.Environment.Values.Append("sk-demo"), secret => Assert.DoesNotContain(secret, everything, StringComparison.Ordinal));
    }

    private static string Key(string name, string key, string project) =>
        $$"""tenants: { t: { projects: { {{project}}: { keys: [ { name: {{name}}, key: "{{key}}" } ] } } } }""" + "\n";

    private IEnumerable<string> Problems() => _folder.Load().Problems.Select(problem => problem.ToString());
}
