using System.Collections.Frozen;
using System.CommandLine;

namespace LlmGateway.Keys;

internal static class KeysCreateCommand
{
    private const StringSplitOptions Trimmed = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    public static Command Create(Func<ParseResult, KeysCommandContext> open, TimeProvider time)
    {
        var tenant = new Option<string>("--tenant") { Description = "Who pays.", Required = true };
        var project = new Option<string>("--project") { Description = "The application.", Required = true };
        var name = new Option<string>("--name") { Description = "Unique in its project.", Required = true };
        var routes = new Option<string[]>("--routes")
        {
            Description = "Routes it may use, names or * globs, separated by commas (default: all).",
            CustomParser = static result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', Trimmed))],
            DefaultValueFactory = static _ => [],
        };
        var expires = new Option<DateTimeOffset?>("--expires")
        {
            Description = "When it ends: 30d, 2027-01-01 (midnight UTC) or 2027-01-01T08:00:00+08:00 (default: never).",
            CustomParser = result =>
            {
                if (KeyTimes.TryExpiry(result.Tokens[0].Value, time.GetUtcNow(), out var at))
                {
                    return at;
                }

                result.AddError($"--expires: '{result.Tokens[0].Value}' is neither a duration such as 30d nor a date such as 2027-01-01.");
                return null;
            },
        };
        var tags = new Option<FrozenDictionary<string, string>>("--tag")
        {
            Description = "A tag k=v that its requests carry; may be given several times.",
            CustomParser = ParseTags,
            DefaultValueFactory = static _ => FrozenDictionary<string, string>.Empty,
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("create", "Make a key and print its secret.") { tenant, project, name, routes, expires, tags };
        command.Does(parsed =>
        {
            var context = open(parsed);
            var key = new VirtualKey
            {
                Id = "",
                Tenant = parsed.GetRequiredValue(tenant),
                Project = parsed.GetRequiredValue(project),
                Name = parsed.GetRequiredValue(name),
                Routes = parsed.GetRequiredValue(routes),
                ExpiresAt = parsed.GetValue(expires),
                Tags = parsed.GetRequiredValue(tags),
            };
            var problem = KeyRules.CheckOwner(key, context.Snapshot)
                ?? KeyRules.Check(key, context.Snapshot) ?? KeyRules.CheckExpiry(key.ExpiresAt, time.GetUtcNow());
            return problem is not null
                ? KeysCommand.Refuse(parsed, problem)
                : KeysCommand.Report(parsed, context, "", context.Store.Create(key, KeysCommand.Actor), $"made for {key.Tenant}/{key.Project}, '{key.Name}'.");
        });
        return command;
    }

    private static FrozenDictionary<string, string> ParseTags(System.CommandLine.Parsing.ArgumentResult result)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var token in result.Tokens)
        {
            var separator = token.Value.IndexOf('=', StringComparison.Ordinal);
            if (separator < 1 || !tags.TryAdd(token.Value[..separator], token.Value[(separator + 1)..]))
            {
                result.AddError($"--tag: '{token.Value}' must be 'name=value', each name once.");
            }
        }

        return tags.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
