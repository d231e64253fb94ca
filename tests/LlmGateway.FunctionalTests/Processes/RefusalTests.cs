using System.Net;
using System.Net.Sockets;

namespace LlmGateway.FunctionalTests.Processes;

/// <summary>What the operator must mend ends in exit code 1 and one clear line, wrong usage in 2; never in a stack trace.</summary>
public sealed class RefusalTests : IDisposable
{
    private static readonly string[] AnyPort = ["--urls", "http://127.0.0.1:0"];

    private readonly Checkout _checkout = new();

    public void Dispose() => _checkout.Dispose();

    [Fact]
    public async Task A_busy_port()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";

        await ExpectAsync($"cannot listen on {url}: the port is in use", ["--urls", url]);
    }

    [Fact]
    public async Task A_busy_port_of_the_simulator()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";

        await ExpectAsync($"cannot listen on {url}", ["simulate", "--urls", url]);
    }

    [Fact]
    public async Task An_address_that_is_none() => await ExpectAsync("cannot listen on banana: Invalid url", ["--urls", "banana"]);

    [Theory]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData("http://localhost:99999")]
    [InlineData("http://127.0.0.1:8080/base")]
    [InlineData("tcp://127.0.0.1:8080")]
    public async Task An_address_that_is_almost_one(string url) => await ExpectAsync($"cannot listen on {url}: ", ["--urls", url]);

    [Fact]
    public async Task An_https_address_without_a_certificate() =>
        await ExpectAsync("Unable to configure HTTPS endpoint. No server certificate was specified", ["--urls", "https://127.0.0.1:0"]);

    [Fact]
    public async Task A_data_folder_under_a_file()
    {
        await File.WriteAllTextAsync(_checkout.InFolder("file"), "");

        await ExpectAsync($"data folder {_checkout.InFolder("file", "data")} cannot be written", [.. AnyPort, "--data", _checkout.InFolder("file", "data")]);
    }

    [Fact]
    public async Task A_data_folder_where_nothing_can_be_made() => await ExpectAsync("data folder /proc/llmgateway cannot be written", [.. AnyPort, "--data", "/proc/llmgateway"]);

    [Theory]
    [InlineData("keys", "list")]
    [InlineData("keys", "create", "--tenant", "demo", "--project", "demo", "--name", "x")]
    public async Task A_data_folder_that_keys_cannot_use(params string[] command) => await ExpectAsync("/proc/llmgateway", [.. command, "--data", "/proc/llmgateway"]);

    [Fact]
    public async Task A_data_folder_that_another_gateway_has()
    {
        await using var first = await ChildGateway.ServeAsync(_checkout.Root, AnyPort);

        await ExpectAsync($"is in use by another gateway (process {first.Id})", AnyPort);
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("keys", "list")]
    [InlineData("usage")]
    public async Task A_configuration_with_several_mistakes_has_a_line_for_each(params string[] command)
    {
        await File.AppendAllTextAsync(_checkout.InFolder("config", "gateway.yaml"), "\nsever: {}\n");
        await File.AppendAllTextAsync(_checkout.InFolder("config", "routes.yaml"), "\n  lost: { deployments: [nobody/nothing], policy: cheepest }\n");

        var ended = await ChildGateway.RunAsync(_checkout.Root, command);

        Assert.Equal(1, ended.ExitCode);
        Assert.Equal(3, ended.ErrorLines.Length);
        Assert.All(ended.ErrorLines, line => Assert.Matches(@"^config/(gateway|routes)\.yaml:\d+:\d+: .+: .+$", line));
        Assert.Contains(ended.ErrorLines, line => line.Contains("'sever'", StringComparison.Ordinal) && line.Contains("server", StringComparison.Ordinal));
        Assert.Contains(ended.ErrorLines, line => line.Contains("cheapest", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("check")]
    [InlineData("keys", "list")]
    public async Task A_configuration_that_is_not_there(params string[] command)
    {
        var ended = await ChildGateway.RunAsync(_checkout.Root, [.. command, "--config", _checkout.InFolder("nowhere.yaml")]);

        Assert.Equal(1, ended.ExitCode);
        var line = Assert.Single((ended.Error + (command[0] == "check" ? ended.Output : "")).Split('\n'), line => line.Contains("nowhere.yaml", StringComparison.Ordinal));
        Assert.DoesNotContain("Exception", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_demo_key_where_others_could_use_it() => await ExpectAsync("tenants.demo.projects.demo.keys[0].demo: a demo key while listening on 'http://0.0.0.0:0'", ["--urls", "http://0.0.0.0:0"]);

    [Fact]
    public async Task An_admin_key_that_could_be_guessed() =>
        await ExpectAsync("LLMGATEWAY_ADMIN_KEY: the admin key has 5 characters", AnyPort, ("LLMGATEWAY_ADMIN_KEY", "short"));

    [Fact]
    public async Task A_database_that_is_none()
    {
        Directory.CreateDirectory(_checkout.InFolder("data"));
        await File.WriteAllTextAsync(_checkout.InFolder("data", "gateway.db"), new string('x', 8192));

        await ExpectAsync("gateway.db is damaged or no SQLite database", AnyPort);
    }

    [Theory]
    [InlineData("--nope")]
    [InlineData("frobnicate")]
    [InlineData("keys", "create")]
    [InlineData("keys", "revoke")]
    [InlineData("usage", "--format", "xml")]
    [InlineData("usage", "--group-by", "colour")]
    [InlineData("simulate", "--tokens", "many")]
    public async Task Wrong_usage(params string[] arguments)
    {
        var ended = await ChildGateway.RunAsync(_checkout.Root, arguments);

        Assert.Equal(2, ended.ExitCode);
        Assert.NotEmpty(ended.ErrorLines);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
    }

    private async Task ExpectAsync(string line, string[] arguments, params (string Name, string Value)[] environment)
    {
        var ended = await ChildGateway.RunAsync(_checkout.Root, arguments, environment);

        Assert.True(ended.ExitCode == 1, $"exit code {ended.ExitCode}: {ended.Error}");
        Assert.Contains(line, Assert.Single(ended.ErrorLines), StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", ended.Output + ended.Error, StringComparison.Ordinal);
    }
}
