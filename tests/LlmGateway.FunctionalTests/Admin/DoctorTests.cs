using System.CommandLine;
using LlmGateway.Admin.Doctor;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Admin;

/// <summary>What <c>doctor</c> finds, well or broken.</summary>
public class DoctorTests
{
    [Fact]
    public async Task Beside_a_gateway_that_is_well_nothing_fails()
    {
        using var redis = await RedisServer.StartAsync();
        using var postgres = await PostgresServer.StartAsync();
        using var configuration = new TestConfiguration(more: "redis: { connection: \"${file:redis}\" }\npostgres: { connection: \"${file:postgres}\" }")
            .WithSecret("redis", redis.ConnectionString).WithSecret("postgres", postgres.ConnectionString)
            .Edit("locked: { deployments: [locked/model]", "locked: { deployments: [locked/model, sim/small]");
        await using var gateway = await TestGateway.StartAsync(configuration);

        var (code, lines) = await RunAsync(configuration);

        Assert.True(code == 0, string.Join("\n", lines));
        Assert.StartsWith("0 failures, ", lines[^1], StringComparison.Ordinal);
        Assert.Contains(lines, static line => line.StartsWith("ok   ledger: ", StringComparison.Ordinal) && line.Contains("is sound", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.StartsWith("ok   redis: ", StringComparison.Ordinal) && line.Contains(" answers in ", StringComparison.Ordinal));
        Assert.Contains("ok   redis: its clock is 0 s from this one's", lines);
        Assert.Contains(lines, static line => line.StartsWith("ok   postgres: ", StringComparison.Ordinal) && line.Contains(" answers in ", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.StartsWith("warn route chat: it has one deployment", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.StartsWith("warn prices: no price is in force for", StringComparison.Ordinal) && line.Contains("sim/unpriced", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_away_or_wrong_fails_with_what_to_do()
    {
        using var redis = RedisServer.Prepare();
        using var configuration = new TestConfiguration(more: "redis: { connection: \"${file:redis}\" }\npostgres: { connection: \"${file:postgres}\" }")
            .WithSecret("redis", redis.ConnectionString).WithSecret("postgres", "Host=127.0.0.1;Port=9;Username=x;Password=canary-of-a-password");

        var (code, lines) = await RunAsync(configuration);

        Assert.Equal(1, code);
        Assert.Contains(lines, static line => line.StartsWith("FAIL redis: it does not answer", StringComparison.Ordinal) && line.Contains("redis.connection", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.StartsWith("FAIL postgres: it does not answer", StringComparison.Ordinal) && line.Contains("postgres.connection", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.StartsWith("FAIL route locked: none of its deployments can be called", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, static line => line.Contains("canary", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_configuration_with_errors_is_told_by_file_and_line()
    {
        using var configuration = new TestConfiguration().Edit("sim/small: {", "sim/smaller: {");

        var (code, lines) = await RunAsync(configuration);

        Assert.Equal(1, code);
        Assert.Contains(lines, static line => line.StartsWith("FAIL configuration: config/gateway.yaml:", StringComparison.Ordinal) && line.Contains("sim/smaller", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Credentials_are_tried_where_that_is_asked_for()
    {
        await using var upstream = new ScriptedUpstream(static call => call.WriteAsync(
            call.Header("authorization") == "Bearer good-key"
                ? ScriptedUpstream.Head("application/json") + "{}"
                : "HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"));
        using var configuration = new TestConfiguration().WithSecret("good", "good-key").WithSecret("bad", "bad-key-canary")
            .WithUpstream(upstream.BaseUrl, "credentials: [ { key: \"${file:good}\" }, { key: \"${file:bad}\" } ]");

        var (_, untried) = await RunAsync(configuration);
        var (code, tried) = await RunAsync(configuration, "--call");

        Assert.Contains("ok   provider nobody: 2 credentials, not tried (--call tries them)", untried);
        Assert.Equal(1, code);
        Assert.Contains("ok   provider nobody, nobody#1: its credential is accepted", tried);
        Assert.Contains("FAIL provider nobody, nobody#2: its credential is refused (401): renew the key at the vendor", tried);
        Assert.DoesNotContain(tried, static line => line.Contains("canary", StringComparison.Ordinal));
    }

    private static async Task<(int Code, string[] Lines)> RunAsync(TestConfiguration configuration, params string[] args)
    {
        var output = new StringWriter();
        var root = new RootCommand { DoctorCommand.Create(TimeProvider.System) };
        var code = await root.Parse(["doctor", "--config", configuration.GatewayYaml, "--data", configuration.DataFolder, .. args])
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = output });
        return (code, output.ToString().ReplaceLineEndings("\n").Trim().Split('\n'));
    }
}
