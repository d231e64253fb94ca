using System.CommandLine;

namespace LlmGateway.Configuration;

/// <summary><c>check</c>: reads the configuration as <c>serve</c> would, and prints every mistake.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var config = new Option<string?>("--config") { Description = "gateway.yaml (default: LLMGATEWAY_CONFIG, else config/gateway.yaml)", HelpName = "file" };
        var schema = new Option<bool>("--schema") { Description = "print the JSON Schema for editors instead" };
        var command = new Command("check", "Read the configuration and print every mistake; exit code 1 if there is an error") { config, schema };
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(schema))
            {
                output.Write(ConfigSchema.Generate());
                return 0;
            }

            return Check(GatewayPaths.Resolve(parsed.GetValue(config), data: null, urls: null), output);
        });
        return command;
    }

    private static int Check(GatewayPaths paths, TextWriter output)
    {
        var loaded = new ConfigurationLoader(paths, TimeProvider.System).Load();
        foreach (var problem in loaded.Problems)
        {
            output.WriteLine(problem);
        }

        var errors = loaded.Problems.Count(problem => problem.IsError);
        var counted = $"{Count(errors, "error")}, {Count(loaded.Problems.Count - errors, "warning")}";
        output.WriteLine(loaded.Snapshot is { } snapshot ? $"{counted}: {Summary(snapshot)}" : counted);
        return errors == 0 ? 0 : 1;
    }

    private static string Summary(Snapshot snapshot) => string.Join(
        ", ",
        Count(snapshot.Providers.Count, "provider"),
        Count(snapshot.Deployments.Count, "deployment"),
        Count(snapshot.Routes.Count, "route"),
        Count(snapshot.Prices.Entries.Count, "price"),
        Count(snapshot.Tenants.Count, "tenant"),
        Count(snapshot.Keys.Count, "key"));

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
