using LlmGateway.Caching.Semantic.Embedding;
using LlmGateway.Caching.Semantic.Embedding.Builtin;
using LlmGateway.Catalog;

namespace LlmGateway.Caching.Semantic;

/// <summary>One embedder for all routes that name the same, probed before it makes a vector for any.</summary>
/// <param name="factory">Null where there is none for deployments.</param>
internal sealed class Embedders(TimeProvider time, ILogger<ProbedEmbedder> logger, IEmbedderFactory? factory = null) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (ProbedEmbedder Embedder, CancellationTokenSource Ending)> _known = new(StringComparer.Ordinal);

    /// <summary>Null where nothing makes embedders of deployments.</summary>
    public ProbedEmbedder? For(SemanticSettings settings)
    {
        var key = KeyOf(settings);
        lock (_gate)
        {
            if (_known.TryGetValue(key, out var known))
            {
                return known.Embedder;
            }

            var inner = settings.Embedder is { } deployment ? factory?.Create(deployment, settings.Dimensions) : new BuiltinEmbedder();
            if (inner is null)
            {
                return null;
            }

            var (embedder, ending) = (new ProbedEmbedder(inner, EmbeddingContext.Nobody, time, logger), new CancellationTokenSource());
            _known.Add(key, (embedder, ending));

            // It throws nothing. The one that is built in has an answer when this returns.
            _ = embedder.RunAsync(ending.Token);
            return embedder;
        }
    }

    /// <summary>Ends the probes of those that no route names any more.</summary>
    public void Keep(IEnumerable<SemanticSettings> used)
    {
        var keys = used.Select(KeyOf).ToHashSet(StringComparer.Ordinal);
        lock (_gate)
        {
            foreach (var gone in _known.Keys.Where(key => !keys.Contains(key)).ToArray())
            {
                _known.Remove(gone, out var known);
                known.Ending.Cancel();
            }
        }
    }

    public void Dispose() => Keep([]);

    private static string KeyOf(SemanticSettings settings) => settings.Embedder is { } deployment
        ? $"{deployment.Name}\n{deployment.Model}\n{deployment.Provider.BaseUrl}\n{settings.Dimensions}"
        : SemanticSettings.Builtin;
}
