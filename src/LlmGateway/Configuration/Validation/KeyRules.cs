using System.IO.Enumeration;
using LlmGateway.Catalog;
using LlmGateway.Configuration.Model;
using LlmGateway.Configuration.Settings;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration.Validation;

internal sealed class KeyRules(GatewayConfig config, ReadContext context)
{
    // A secret of the operator's own making, but not one that can be tried out.
    private const int ShortestKey = 16;

    private readonly Dictionary<Secret, SettingPath> _values = [];

    private readonly HashSet<(string Tenant, string Project, string Name)> _names = [];

    /// <summary>Every key, with its tenant, its project and its path.</summary>
    public static IEnumerable<(string Tenant, string Project, KeyConfig Key, SettingPath Path)> All(GatewayConfig config) =>
        from tenant in config.Tenants
        from project in tenant.Value.Projects
        let path = ConfigValidator.Section("tenants").Then(tenant.Key).Then("projects").Then(project.Key).Then("keys")
        from key in project.Value.Keys.Index()
        select (tenant.Key, project.Key, key.Item, path.At(key.Index));

    public void Check()
    {
        foreach (var (tenant, project, key, path) in All(config))
        {
            var name = path.Then("name");
            if (key.Name.Length > 0 && !_names.Add((tenant, project, key.Name)))
            {
                context.Error(name, $"two keys of the project are named {Shown.Text(key.Name)}", "give each a name of its own");
            }

            if (context.IsWritten(name))
            {
                NameRule.CheckSimple(key.Name, name, context);
            }

            if (key.Key is not null)
            {
                CheckSecret(key, key.Key, path.Then("key"));
            }

            CheckRoutes(key, path.Then("routes"));
        }
    }

    private void CheckSecret(KeyConfig key, SecretSetting secret, SettingPath path)
    {
        if (secret.Value.IsEmpty)
        {
            context.Problems.Warning(
                context.ValueAt(path), path, $"{secret.Reference} is not set, so the key is left out", "set the variable, or remove the key");
            return;
        }

        if (secret.Origin == SecretOrigin.Literal && !key.Demo)
        {
            context.Error(
                path, "a secret stands in the configuration itself", "move it to the environment or a file, and write ${env:NAME} or ${file:path}");
        }
        else if (!key.Demo && secret.Value.Reveal().Length < ShortestKey)
        {
            context.Error(path, $"the key is shorter than {ShortestKey} characters", "use a longer one, or let 'keys create' make it");
        }

        if (!_values.TryAdd(secret.Value, path))
        {
            context.Error(
                path, "another key has the same value", $"give each a value of its own; the other is at {context.ValueAt(_values[secret.Value])}");
        }
    }

    private void CheckRoutes(KeyConfig key, SettingPath path)
    {
        for (var i = 0; i < key.Routes.Count; i++)
        {
            var pattern = key.Routes[i];
            var names = config.Routes.Keys.Concat(config.Deployments.Keys);
            if (pattern.Length > 0 && !names.Any(name => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false)))
            {
                var remedy = Suggestion.For(pattern, config.Routes.Keys, "add such a route, or mend the name");
                context.Problems.Warning(context.ValueAt(path.At(i)), path.At(i), $"no route matches {Shown.Text(pattern)}", remedy);
            }
        }
    }
}
