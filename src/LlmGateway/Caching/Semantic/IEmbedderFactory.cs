using LlmGateway.Caching.Semantic.Embedding;
using LlmGateway.Catalog;

namespace LlmGateway.Caching.Semantic;

/// <summary>Makes embedders over deployments of the catalog.</summary>
internal interface IEmbedderFactory
{
    /// <summary>
    /// Asked once for each name, model, address and number of dimensions. It outlives snapshots: a call goes to the deployment of that name as it is in the
    /// snapshot of the time, for its credentials; and is booked to whom the context of a text names (the probe's context names nobody). Its
    /// <see cref="IEmbedder.Id"/> has all in it that changes a vector.
    /// </summary>
    IEmbedder Create(Deployment deployment, int dimensions);
}
