using LlmGateway.Configuration;

namespace LlmGateway.Tests.Configuration;

public sealed class CheckCommandTests
{
    [Fact]
    public void A_good_configuration_is_summed_up_with_exit_code_0()
    {
        using var folder = new ConfigFolder(("gateway.yaml", """
            providers: { sim: { base_url: builtin } }
            deployments: { sim/a: { model: a } }
            routes: { x: { deployments: [sim/a], on_unsupported: warn }, y: { deployments: [sim/a] } }
            """));
        var (code, output) = Check("--config", folder.Root);
        Assert.Equal(0, code);
        Assert.Equal(
            [
                "config/gateway.yaml:3:38: warning: routes.x.on_unsupported: not enforced by this version: requests pass as they are; remove it",
                "0 errors, 1 warning: 1 provider, 1 deployment, 2 routes, 0 prices, 0 tenants, 0 keys",
            ],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_bad_configuration_is_told_with_exit_code_1()
    {
        using var folder = new ConfigFolder(("gateway.yaml", "rutes: {}\nserver: { drain: x }\n"));
        var (code, output) = Check("--config", folder.Root);
        Assert.Equal(1, code);
        Assert.StartsWith("config/gateway.yaml:1:1: 'rutes' is not a setting: did you mean 'routes'?\nconfig/gateway.yaml:2:18: ", output, StringComparison.Ordinal);
        Assert.EndsWith("\n2 errors, 0 warnings\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_is_printed_when_it_is_asked_for() => Assert.Equal((0, ConfigSchema.Generate()), Check("--schema"));

    private static (int Code, string Output) Check(params string[] arguments)
    {
        var output = new StringWriter { NewLine = "\n" };
        var parsed = CheckCommand.Create().Parse(arguments);
        parsed.InvocationConfiguration.Output = output;
        return (parsed.Invoke(), output.ToString());
    }
}
