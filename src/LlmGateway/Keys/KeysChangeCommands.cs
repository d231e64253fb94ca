using System.CommandLine;

namespace LlmGateway.Keys;

internal static class KeysChangeCommands
{
    public static Command Revoke(Func<ParseResult, KeysCommandContext> open)
    {
        var id = Id();
        var command = new Command("revoke", "End a key for good.") { id };
        command.Does(parsed =>
        {
            var context = open(parsed);
            var key = parsed.GetRequiredValue(id);
            return KeysCommand.Report(parsed, context, key, context.Store.Revoke(key, KeysCommand.Actor), "revoked.");
        });
        return command;
    }

    public static Command Rotate(Func<ParseResult, KeysCommandContext> open)
    {
        var id = Id();
        var grace = new Option<TimeSpan>("--grace")
        {
            Description = "How long older secrets stay valid, such as 1h; at most 30d (default: they end at once).",
            CustomParser = static result =>
            {
                if (!KeyTimes.TryDuration(result.Tokens[0].Value, out var duration))
                {
                    result.AddError($"--grace: '{result.Tokens[0].Value}' is no duration such as 90s, 5m, 1h or 7d.");
                }

                return duration;
            },
        };
        var command = new Command("rotate", "Give a key a new secret and print it.") { id, grace };
        command.Does(parsed =>
        {
            if (KeyRules.CheckGrace(parsed.GetValue(grace)) is { } problem)
            {
                return KeysCommand.Refuse(parsed, problem);
            }

            var context = open(parsed);
            var key = parsed.GetRequiredValue(id);
            return KeysCommand.Report(parsed, context, key, context.Store.Rotate(key, KeysCommand.Actor, parsed.GetValue(grace)), "has a new secret.");
        });
        return command;
    }

    private static Argument<string> Id() => new("id") { Description = "The id that 'keys list' shows, key_…" };
}
