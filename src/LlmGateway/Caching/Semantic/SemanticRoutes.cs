using System.Collections.Frozen;
using System.Globalization;
using LlmGateway.Caching.Semantic.Judging;
using LlmGateway.Caching.Semantic.Lasting;
using LlmGateway.Caching.Semantic.Proof;
using LlmGateway.Catalog;
using LlmGateway.Configuration;

namespace LlmGateway.Caching.Semantic;

/// <summary>
/// The routes of the snapshot in force that have a semantic cache. An exchange that began under an older snapshot finds nothing here: it is not worth
/// a proof that goes back and forth between two epochs.
/// </summary>
internal sealed class SemanticRoutes
{
    private readonly Lock _gate = new();
    private readonly ISnapshotSource _snapshots;
    private readonly ProofBook _book;
    private readonly Embedders _embedders;
    private readonly SemanticChanges _changes;
    private readonly ILogger<SemanticRoutes> _logger;
    private readonly Dictionary<string, SemanticCounts> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Route, string Embedder, long Memory), SemanticEntries> _entries = [];
    private volatile FrozenDictionary<Route, SemanticRoute> _current = FrozenDictionary<Route, SemanticRoute>.Empty;

    public SemanticRoutes(ISnapshotSource snapshots, ProofBook book, Embedders embedders, SemanticChanges changes, ILogger<SemanticRoutes> logger)
    {
        (_snapshots, _book, _embedders, _changes, _logger) = (snapshots, book, embedders, changes, logger);
        snapshots.Changed += _ => Refresh();
        Refresh();
    }

    /// <summary>In no order.</summary>
    public IReadOnlyList<SemanticRoute> All => _current.Values;

    public SemanticRoute? Find(Route route) => _current.GetValueOrDefault(route);

    public SemanticRoute? Find(string name) => All.FirstOrDefault(route => route.Route.Name == name);

    private void Refresh()
    {
        lock (_gate)
        {
            // Whatever order the news come in, this is the latest.
            var routes = _snapshots.Current.Routes.Values.Where(route => route.Cache.Semantic.Mode is not SemanticMode.Off).ToArray();
            var before = _current;
            var built = routes.Select(route => before.GetValueOrDefault(route) ?? Build(route)).ToArray();
            _current = built.ToFrozenDictionary(state => state.Route, (IEqualityComparer<Route>)ReferenceEqualityComparer.Instance);
            _embedders.Keep(routes.Select(route => route.Cache.Semantic));
            var used = built.Select(state => state.Entries).ToHashSet();
            foreach (var gone in _entries.Where(pair => !used.Contains(pair.Value)).Select(pair => pair.Key).ToArray())
            {
                _entries.Remove(gone);
            }
        }
    }

    private SemanticRoute Build(Route route)
    {
        var settings = route.Cache.Semantic;
        if (!_counts.TryGetValue(route.Name, out var counts))
        {
            _counts.Add(route.Name, counts = new SemanticCounts());
        }

        try
        {
            if (_embedders.For(settings) is not { } embedder)
            {
                _logger.NoEmbedder(route.Name, settings.EmbedderName);
                return Off($"nothing makes vectors with {settings.EmbedderName}");
            }

            var key = (route.Name, embedder.Id, settings.Memory);
            if (!_entries.TryGetValue(key, out var entries))
            {
                _entries.Add(key, entries = new SemanticEntries(embedder.Dimensions, settings.Memory, _changes));
            }

            var controller = _book.Open(route.Name, EpochOf(route, embedder.Id), OptionsOf(settings));
            return new SemanticRoute(route, settings, embedder, entries, controller, counts, null);
        }
        catch (Exception failure)
        {
            // A configuration is taken whole, and a gateway starts, whatever has become of proofs.
            _logger.RouteNotOpened(failure, route.Name);
            return Off("it could not be set up; the log of the last change of the configuration says why");
        }

        SemanticRoute Off(string why) => new(route, settings, null, null, null, counts, why);
    }

    private static ProofOptions OptionsOf(SemanticSettings settings) => new()
    {
        MaxWrongHits = settings.MaxWrongHits,
        Confidence = settings.Confidence,
        VerifyServed = settings.Verify,
        Minimum = settings.MinLabels,
    };

    private static ProofEpoch EpochOf(Route route, string embedder)
    {
        var settings = route.Cache.Semantic;
        var answers = string.Join('\n', route.Targets.Select(target => $"{target.Deployment.Name}\n{target.Deployment.Model}").Order(StringComparer.Ordinal));
        return new ProofEpoch(
            embedder,
            SemanticOptions.Rules,
            settings.Threshold,
            settings.Label is SemanticLabel.Judge ? $"judge\n{JudgePrompt.Version}\n{settings.Judge?.Name}\n{settings.Judge?.Model}" : $"similarity\n{AnswerLikeness.Version}",
            string.Create(CultureInfo.InvariantCulture, $"{route.Cache.Generation}\n{settings.MaxTurns}\n{settings.Confirm}\n{route.Cache.Rules.Scope}\n{answers}"));
    }
}
