using LlmGateway.Catalog;

namespace LlmGateway.Tests.Configuration;

public sealed class SemanticTests
{
    private const string Catalog = """
        providers: { sim: { base_url: builtin } }
        deployments: { sim/a: { model: a }, sim/e: { model: e, capabilities: [embeddings] } }

        """;

    [Fact]
    public void A_route_says_how_far_it_goes_and_with_what()
    {
        var semantic = Read(
            "mode: serve, embedder: sim/e, dimensions: 512, threshold: 0.7, max_turns: 3, max_wrong_hits: 0.02, confidence: 0.99, verify: 0.1, min_labels: 500, "
            + "confirm: true, memory: 10MB, judge: sim/a");
        Assert.Equal((SemanticMode.Serve, "sim/e", 512, 0.7, 3), (semantic.Mode, semantic.EmbedderName, semantic.Dimensions, semantic.Threshold, semantic.MaxTurns));
        Assert.Equal((0.02, 0.99, 0.1, 500), (semantic.MaxWrongHits, semantic.Confidence, semantic.Verify, semantic.MinLabels));
        Assert.Equal((true, 10 << 20, SemanticLabel.Judge, "sim/a"), (semantic.Confirm, semantic.Memory, semantic.Label, semantic.Judge!.Name));
    }

    [Fact]
    public void A_judge_that_is_named_need_not_be_used()
    {
        var semantic = Read("mode: shadow, label: similarity, judge: sim/a");
        Assert.Equal((SemanticLabel.Similarity, SemanticSettings.Builtin), (semantic.Label, semantic.EmbedderName));
    }

    [Fact]
    public void What_is_read_by_default_is_what_a_route_has_by_default() =>
        Assert.Equal(SemanticSettings.Off with { Mode = SemanticMode.Shadow }, Read("mode: shadow"));

    [Fact]
    public void What_is_off_needs_nothing()
    {
        using var folder = new ConfigFolder(("gateway.yaml", Catalog + "routes: { x: { deployments: [sim/a], cache: { semantic: { mode: off, embedder: nobody } } } }\n"));
        var loaded = folder.Load();
        Assert.Empty(loaded.Problems);
        Assert.Same(SemanticSettings.Off, loaded.Snapshot!.Routes["x"].Cache.Semantic);
    }

    private static SemanticSettings Read(string semantic)
    {
        using var folder = new ConfigFolder(("gateway.yaml", Catalog + $"routes: {{ x: {{ deployments: [sim/a], cache: {{ exact: {{ ttl: 1h }}, semantic: {{ {semantic} }} }} }} }}\n"));
        var loaded = folder.Load();
        Assert.Empty(loaded.Problems);
        return loaded.Snapshot!.Routes["x"].Cache.Semantic;
    }
}
