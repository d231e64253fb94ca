using LlmGateway.Configuration.Model;
using LlmGateway.Configuration.Settings;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration.Validation;

internal sealed class ProviderRules(GatewayConfig config, ReadContext context)
{
    public void Check()
    {
        foreach (var (name, provider) in config.Providers)
        {
            var path = ConfigValidator.Section("providers").Then(name);
            NameRule.CheckSimple(name, path, context);
            CheckDialect(provider, path.Then("dialect"));
            CheckCredentials(provider, path);
        }
    }

    private void CheckDialect(ProviderConfig provider, SettingPath path)
    {
        if (provider.Dialect != "openai")
        {
            context.Error(
                path, $"this version does not translate to '{provider.Dialect}'", "write openai with the provider's OpenAI-compatible address, or remove the provider");
        }
    }

    private void CheckCredentials(ProviderConfig provider, SettingPath path)
    {
        var credentials = path.Then("credentials");
        if (provider.BaseUrl is { Address: null })
        {
            if (provider.Credentials is { Count: > 0 })
            {
                context.Error(credentials, "the simulator in process asks for no credential", "remove credentials");
            }
        }
        else if (provider.BaseUrl is not null && !context.IsWritten(credentials))
        {
            context.ErrorAtName(path, "'credentials' is missing", "list them, or write credentials: none if the provider asks for none");
        }
    }
}
