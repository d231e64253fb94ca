namespace LlmGateway.FunctionalTests.Processes;

public sealed class CommandTests : IDisposable
{
    private readonly Checkout _checkout = new();

    public void Dispose() => _checkout.Dispose();

    [Theory]
    [InlineData("", "every token booked to a tenant", "--config", "--data", "--urls", "serve", "check", "simulate", "keys", "usage", "explain", "version")]
    [InlineData("serve", "Run the gateway (the default command).", "LLMGATEWAY_CONFIG, else config/gateway.yaml", "LLMGATEWAY_DATA", "LLMGATEWAY_URLS")]
    [InlineData("check", "print every mistake; exit code 1 if there is an error", "--schema", "JSON Schema for editors")]
    [InlineData("simulate", "an OpenAI API with scripted speed, quota and faults", "--first-token", "in milliseconds", "[default: http://127.0.0.1:8081]")]
    [InlineData("keys", "Make, list, rotate and revoke virtual keys.", "create", "list", "revoke", "rotate")]
    [InlineData("keys create", "Make a key and print its secret.", "--expires", "2027-01-01 (midnight UTC)", "--tag", "(REQUIRED)")]
    [InlineData("keys list", "List keys, without their secrets.", "Revoked keys too.")]
    [InlineData("keys rotate", "Give a key a new secret and print it.", "--grace", "at most 30d", "<id>")]
    [InlineData("keys revoke", "End a key for good.", "<id>")]
    [InlineData("usage", "Show what was used and what it cost.", "--group-by", "tag:NAME", "start of the current month, UTC")]
    [InlineData("explain", "Show where a request would go, or why one went where it went.", "--exchange", "--file", "x-gateway-policy", "LLMGATEWAY_URLS, else server.urls")]
    [InlineData("version", "Print the version of the gateway and of .NET.")]
    public async Task Help_says_what_a_command_does_and_what_each_option_means(string command, params string[] sentences)
    {
        var ended = await ChildGateway.RunAsync(_checkout.Root, [.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal("", ended.Error);
        Assert.All(sentences, sentence => Assert.Contains(sentence, Unwrapped(ended.Output), StringComparison.Ordinal));
        var options = ended.Output.Split('\n').Where(line => line.TrimStart().StartsWith("--", StringComparison.Ordinal));
        Assert.All(options, line => Assert.Matches(@"^  \S.*  +\S", line));
    }

    [Fact]
    public async Task A_command_that_comes_before_the_gateway_makes_the_data_folder_for_its_owner_only()
    {
        var ended = await ChildGateway.RunAsync(_checkout.Root, ["keys", "list"]);

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new DirectoryInfo(_checkout.InFolder("data")).UnixFileMode);
    }

    [Fact]
    public async Task Version_names_the_gateway_and_the_runtime()
    {
        var ended = await ChildGateway.RunAsync(_checkout.Root, ["version"]);

        Assert.Equal(0, ended.ExitCode);
        Assert.Matches(@"^llmgateway \d+\.\d+\.\d+\S* \(\.NET 10\.\S+\)$", ended.Output);
    }

    [Fact]
    public async Task Check_counts_what_a_good_configuration_has()
    {
        var ended = await ChildGateway.RunAsync(_checkout.Root, ["check"]);

        Assert.Equal(0, ended.ExitCode);
        Assert.Matches(@"(^|\n)0 errors, \d+ warnings?: \d+ providers, \d+ deployments, \d+ routes, \d+ prices, 1 tenant, 1 key$", ended.Output);
    }

    [Fact]
    public async Task Check_prints_every_mistake_with_its_place()
    {
        await File.AppendAllTextAsync(_checkout.InFolder("config", "gateway.yaml"), "\nsever: {}\n");
        await File.AppendAllTextAsync(_checkout.InFolder("config", "routes.yaml"), "\n  lost: { deployments: [nobody/nothing], policy: cheepest }\n");

        var ended = await ChildGateway.RunAsync(_checkout.Root, ["check"]);

        Assert.Equal(1, ended.ExitCode);
        var lines = ended.Output.Split('\n');
        Assert.Equal(3, lines.Count(line => line.Contains(".yaml:", StringComparison.Ordinal) && !line.Contains(": warning: ", StringComparison.Ordinal)));
        Assert.All(lines[..^1], line => Assert.Matches(@"^config/\w+\.yaml:\d+:\d+: .+: .+$", line));
        Assert.StartsWith("3 errors, ", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_schema_that_is_printed_is_the_one_that_is_shipped()
    {
        var ended = await ChildGateway.RunAsync(_checkout.Root, ["check", "--schema"]);

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal((await File.ReadAllTextAsync(Path.Combine(Checkout.Shipped, "gateway.schema.json"))).TrimEnd(), ended.Output.TrimEnd());
    }

    private static string Unwrapped(string text) => string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
