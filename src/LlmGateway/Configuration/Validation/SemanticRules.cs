using LlmGateway.Catalog;
using LlmGateway.Configuration.Model;
using LlmGateway.Configuration.Settings;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration.Validation;

/// <summary>What the semantic cache of a route needs of the rest of the configuration.</summary>
internal sealed class SemanticRules(GatewayConfig config, ReadContext context)
{
    /// <param name="path">Of the route's <c>cache</c>.</param>
    public void Check(CacheConfig cache, SettingPath path)
    {
        var (semantic, at) = (cache.Semantic, path.Then("semantic"));
        if (semantic.Mode is SemanticMode.Off)
        {
            return;
        }

        if (cache.Exact is null)
        {
            context.Error(at.Then("mode"), "answers are found in what exact keeps, and that is off", "write exact: { ttl: 1h } beside it, or mode: off");
        }

        CheckEmbedder(semantic, at);
        if (semantic.Judge is { } judge)
        {
            CheckDeployment(judge, at.Then("judge"));
        }
        else if (semantic.Label is SemanticLabel.Judge)
        {
            context.Error(at.Then("label"), "no judge is named", "write judge: with the name of a deployment, or label: similarity");
        }
    }

    private void CheckEmbedder(SemanticCacheConfig semantic, SettingPath at)
    {
        if (semantic.Embedder == SemanticSettings.Builtin)
        {
            if (semantic.Dimensions is not null)
            {
                context.Error(at.Then("dimensions"), "the builtin embedder has its own", "remove dimensions");
            }
        }
        else if (CheckDeployment(semantic.Embedder, at.Then("embedder")) is { } deployment)
        {
            if (deployment.Capabilities is null || !deployment.Capabilities.Contains(Capabilities.Embeddings))
            {
                context.Error(at.Then("embedder"), $"{Shown.Text(semantic.Embedder)} does not make embeddings", "name a deployment with capabilities: [embeddings]");
            }

            if (semantic.Dimensions is null)
            {
                context.Error(at.Then("embedder"), "nothing says how many dimensions its vectors have", "write dimensions: beside it");
            }
        }
    }

    private DeploymentConfig? CheckDeployment(string name, SettingPath at)
    {
        if (config.Deployments.TryGetValue(name, out var deployment))
        {
            return deployment;
        }

        context.Dangling(context.ValueAt(at), at, $"no deployment is named {Shown.Text(name)}", Suggestion.For(name, config.Deployments.Keys, "add it under deployments"));
        return null;
    }
}
