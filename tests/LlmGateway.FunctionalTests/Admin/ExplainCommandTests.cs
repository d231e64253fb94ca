using System.CommandLine;
using System.Text.Json;
using LlmGateway.Admin;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Admin;

/// <summary>The command <c>explain</c> against a running gateway.</summary>
public sealed class ExplainCommandTests : IAsyncLifetime
{
    private readonly TestConfiguration _configuration = ExplainConfiguration.Create();
    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync(_configuration);

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        _configuration.Dispose();
    }

    [Fact]
    public async Task A_dry_run_is_a_table_of_everyone_and_the_plan()
    {
        var (code, output, error) = await RunAsync("chat", "--text", "Where does the [river] end?", "--tenant", "acme");

        Assert.Equal((0, ""), (code, error));
        var lines = output.Split('\n');
        Assert.StartsWith("chat by priority at 20", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Contains("sim/small", StringComparison.Ordinal) && line.Contains("│ 1 │", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("locked/model", StringComparison.Ordinal) && line.Contains("credential: provider locked has no credential", StringComparison.Ordinal));
        Assert.Contains("1. sim/small", lines);
    }

    [Fact]
    public async Task A_score_has_its_unit_and_a_balanced_one_the_terms_that_add_up()
    {
        var (_, placed, _) = await RunAsync("chat");
        Assert.Contains("│ 0 place │", placed, StringComparison.Ordinal);
        Assert.DoesNotContain("score of", placed, StringComparison.Ordinal);

        var (_, balanced, _) = await RunAsync("chat", "--policy", "balanced");
        Assert.Contains("0 weighted mean", balanced, StringComparison.Ordinal);
        Assert.Contains(balanced.Split('\n'), line => line.Contains("score of", StringComparison.Ordinal) && line.Contains("headroom", StringComparison.Ordinal) && line.Contains("sum", StringComparison.Ordinal));
        Assert.Contains(balanced.Split('\n'), line => line.Contains("sim/small", StringComparison.Ordinal) && line.Contains("0 × 0.5 = 0", StringComparison.Ordinal));

        var (_, cheapest, _) = await RunAsync("chat", "--policy", "cheapest");
        Assert.Matches(@"│ 0\.\d+ USD │ 0 │", System.Text.RegularExpressions.Regex.Replace(cheapest, " +", " "));
    }

    [Fact]
    public async Task A_refusal_is_told()
    {
        var (code, output, _) = await RunAsync("locked");

        Assert.Equal(0, code);
        Assert.Contains("refused with 503 no_deployment_available: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exchange_is_a_table_of_its_decision_and_one_of_its_attempts()
    {
        using var answered = await _gateway.ChatAsync(with: request => request.Headers.Add("x-request-id", "tell-me"));
        var (code, output, error) = await RunAsync("--exchange", "tell-me");
        while (!output.Contains("1. sim/small", StringComparison.Ordinal))
        {
            // It is kept once its answer is out, which a client may have read before.
            _gateway.Soon.ThrowIfCancellationRequested();
            (code, output, error) = await RunAsync("--exchange", "tell-me");
        }

        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("tell-me of acme/search with key ci asked for chat at 20", output, StringComparison.Ordinal);
        Assert.Contains(output.Split('\n'), line => line.Contains("sim/small", StringComparison.Ordinal) && line.Contains("primary", StringComparison.Ordinal) && line.Contains("succeeded", StringComparison.Ordinal) && line.Contains(" USD", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_is_asked_about_as_it_is_and_json_is_the_answer_itself()
    {
        var file = Path.Combine(_configuration.DataFolder, "body.json");
        await File.WriteAllTextAsync(file, """{"input":"a river","model":"anything"}""");
        var (code, output, _) = await RunAsync("embed", "--file", file, "--format", "json", "--at", "2027-02-03T04:05:06Z");

        Assert.Equal(0, code);
        var answer = JsonDocument.Parse(output).RootElement;
        Assert.Equal(("embeddings", "2027-02-03T04:05:06Z"), (answer.GetProperty("request").GetProperty("endpoint").GetString(), answer.GetProperty("at").GetString()));
    }

    [Theory]
    [InlineData("There is no route 'chatt'. Did you mean 'chat'?", "chatt")]
    [InlineData("There is no tenant 'acne'. Did you mean 'acme'?", "chat", "--tenant", "acne")]
    [InlineData("There is no exchange 'none'.", "--exchange", "none")]
    [InlineData("--file: Could not find file '/none'.", "chat", "--file", "/none")]
    public async Task What_cannot_be_explained_is_one_line_and_exit_code_1(string message, params string[] args)
    {
        var (code, output, error) = await RunAsync(args);

        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith(message, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_is_not_there_is_one_line()
    {
        var (code, _, error) = await RunAsync(new Uri("http://127.0.0.1:9"), "chat");
        Assert.Equal(1, code);
        Assert.StartsWith("http://127.0.0.1:9/: no gateway can be reached there: ", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("chat", "--exchange", "x")]
    [InlineData("chat", "--file", "x", "--text", "y")]
    [InlineData("chat", "--format", "xml")]
    public void What_contradicts_itself_is_wrong_usage(params string[] args) => Assert.NotEmpty(Command().Parse(args).Errors);

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] args) => RunAsync(_gateway.Client.BaseAddress!, args);

    private async Task<(int Code, string Output, string Error)> RunAsync(Uri url, params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await Command().Parse([.. args, "--url", url.ToString()])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, _gateway.Soon);
        return (code, output.ToString(), error.ToString());
    }

    private Command Command() => ExplainCommand.Create(_ => _configuration.DataFolder, _ => throw new InvalidOperationException("the address was given"));
}
