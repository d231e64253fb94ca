using LlmGateway.Caching;
using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic.Lasting;
using LlmGateway.Catalog;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.Tests.Caching.Semantic.Lasting;

/// <summary>What an index must share with another to take its entries.</summary>
public sealed class SemanticSpacesTests : IDisposable
{
    private readonly SemanticRig _rig = new();

    private CacheKey Space => _rig.Services.GetRequiredService<SemanticSpaces>().Current().Single(pair => pair.Value.Route.Name == "chat").Key;

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void Another_generation_is_another_and_so_is_another_route()
    {
        var before = Space;
        _rig.Use(SemanticRig.Shadow, generation: 1);
        Assert.NotEqual(before, Space);
        _rig.Use(SemanticRig.Shadow);
        Assert.Equal(before, Space);
        Assert.Equal(2, _rig.Services.GetRequiredService<SemanticSpaces>().Current().Count);
    }

    [Fact]
    public void Other_settings_of_what_is_served_are_the_same()
    {
        var before = Space;
        _rig.Use(SemanticRig.Shadow with { Threshold = 0.9, Memory = 1 << 20 });
        Assert.Equal(before, Space);
    }

    [Fact]
    public void Embedder_dimensions_models_and_secret_are_of_it()
    {
        var (one, other) = (new CacheKeys(CacheSecret.Of([1])), new CacheKeys(CacheSecret.Of([2])));
        var route = _rig.Snapshot.Routes["chat"];
        var changed = new Route
        {
            Name = route.Name,
            Targets = [new RouteTarget(route.Targets[0].Deployment with { Model = "another" }, 1)],
            Cache = route.Cache,
        };
        var all = new[]
        {
            one.OfIndex(route, "builtin", 256), one.OfIndex(route, "another", 256), one.OfIndex(route, "builtin", 384), one.OfIndex(changed, "builtin", 256),
            other.OfIndex(route, "builtin", 256),
        };
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(all[0], one.OfIndex(route, "builtin", 256));
    }

    [Fact]
    public void A_route_without_answers_by_meaning_has_none()
    {
        _rig.Use(SemanticSettings.Off);
        Assert.Empty(_rig.Services.GetRequiredService<SemanticSpaces>().Current());
    }
}
