using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;

namespace LlmGateway.Caching.Semantic.Embedding;

/// <inheritdoc/>
internal sealed class CatalogEmbedders(IAside aside, ISnapshotSource snapshots, TimeProvider time, ILogger<BatchingEmbedder> logger) : IEmbedderFactory
{
    /// <summary>Goes up with whatever of ours changes the text that is sent.</summary>
    private const string Version = "1";

    public IEmbedder Create(Deployment deployment, int dimensions)
    {
        var options = new BatchingOptions
        {
            Id = $"{deployment.Name} {deployment.Model} {deployment.Provider.BaseUrl?.ToString() ?? "builtin"} {dimensions} {Version}",
            Dimensions = dimensions,
        };
        return new CatalogEmbedder(new BatchingEmbedder(new CatalogTransport(aside, deployment, options), options, time, logger), snapshots);
    }
}
