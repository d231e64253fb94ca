using System.CommandLine;
using LlmGateway.Configuration;
using LlmGateway.Keys.Stores;

namespace LlmGateway.Keys;

/// <summary>What the command line works on: the store in the data folder, and the configuration as its files have it now.</summary>
internal sealed record KeysCommandContext(KeyStore Store, Snapshot Snapshot);

/// <summary>
/// <c>keys create|list|revoke|rotate</c>, on the data folder itself: a gateway that runs on it sees the change within a second.
/// A secret goes to standard output alone on its line, all else to standard error, so that a script can capture it.
/// </summary>
internal static class KeysCommand
{
    public const string Actor = "cli";

    /// <param name="open">Opens the migrated store of the data folder, and reads the configuration. Its errors are the caller's to present.</param>
    public static Command Create(Func<GatewayPaths, KeysCommandContext> open, TimeProvider time)
    {
        var config = new Option<string?>("--config")
        {
            Description = "The configuration file (default: LLMGATEWAY_CONFIG, else config/gateway.yaml).",
            Recursive = true,
        };
        var data = new Option<string?>("--data")
        {
            Description = "The data folder (default: LLMGATEWAY_DATA, else data.path of the configuration).",
            Recursive = true,
        };
        KeysCommandContext Open(ParseResult parsed) => open(GatewayPaths.Resolve(parsed.GetValue(config), parsed.GetValue(data), null));

        var command = new Command("keys", "Make, list, rotate and revoke virtual keys.") { config, data };
        command.Subcommands.Add(KeysCreateCommand.Create(Open, time));
        command.Subcommands.Add(KeysListCommand.Create(Open, time));
        command.Subcommands.Add(KeysChangeCommands.Revoke(Open));
        command.Subcommands.Add(KeysChangeCommands.Rotate(Open));
        return command;
    }

    /// <summary>Gives a command what it does. That the store goes away under it is for the operator to mend, not a defect.</summary>
    public static void Does(this Command command, Func<ParseResult, int> action) => command.SetAction(parsed =>
    {
        try
        {
            return action(parsed);
        }
        catch (StoreUnreachableException error)
        {
            throw new UserErrorException(error.Message, error);
        }
    });

    /// <summary>Tells what came of a change.</summary>
    /// <returns>The exit code.</returns>
    public static int Report(ParseResult parsed, KeysCommandContext context, string id, KeyChange change, string done)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (change.Status == KeyChangeStatus.Done)
        {
            error.WriteLine($"{change.Record!.Key.Id}: {done}");
            if (change.Secret is { } secret)
            {
                error.WriteLine("The secret is shown this once:");
                error.Flush();
                output.WriteLine(secret.Reveal());
            }

            return 0;
        }

        error.WriteLine(change.Status switch
        {
            KeyChangeStatus.NameTaken => "--name: another key of this project has this name.",
            KeyChangeStatus.Revoked => $"{id}: the key is revoked, for good. Create a new one.",
            _ when context.Snapshot.Keys.Any(key => key.ToVirtualKey().Id == id) =>
                $"{id}: the key is written in the configuration. Change it there; the gateway reloads by itself.",
            _ => $"{id}: there is no such key. 'keys list' shows those there are.",
        });
        return 1;
    }

    /// <summary>Tells what is wrong with an option.</summary>
    /// <returns>The exit code.</returns>
    public static int Refuse(ParseResult parsed, KeyProblem problem)
    {
        var option = problem.Member switch { "routes" => "--routes", "tags" => "--tag", "expires_at" => "--expires", var name => $"--{name}" };
        parsed.InvocationConfiguration.Error.WriteLine($"{option}: {problem.Message}");
        return 1;
    }
}
