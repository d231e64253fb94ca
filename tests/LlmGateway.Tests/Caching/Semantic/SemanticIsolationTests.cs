using CsCheck;
using LlmGateway.Caching;
using LlmGateway.Caching.Semantic.Index;
using LlmGateway.Catalog;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.Tests.Caching.Semantic;

/// <summary>Whoever asks in whatever order: nobody's question is ever compared with one of another tenant, route, scope or system prompt.</summary>
public sealed class SemanticIsolationTests
{
    private static readonly string[] Questions =
        ["How do I freeze fresh bread at home?", "How can I freeze fresh bread at home?", "how do i freeze fresh bread at home", "How should I freeze fresh bread at home?"];

    private static readonly string?[] Systems = [null, "Be brief.", "Be  brief.", "be brief."];

    private static readonly Gen<(int Tenant, int Key, int Route, int System, int Question)> Asks =
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 1], Gen.Int[0, 1], Gen.Int[0, 3], Gen.Int[0, 3]);

    [Theory]
    [InlineData(CacheScope.Tenant)]
    [InlineData(CacheScope.Key)]
    public void In_ten_thousand_interleavings_none_is_compared_with_anothers(object scope)
    {
        using var rig = new SemanticRig();
        rig.Use(SemanticRig.Shadow, scope: (CacheScope)scope);
        var walks = 0;

        // Each walk among tenants of its own; what those before have left behind is one more that must not be met.
        Asks.Array[1, 8].Sample(walk => WalkAsync(rig, ++walks, walk, (CacheScope)scope).GetAwaiter().GetResult(), iter: 5_000, threads: 1);
    }

    [Fact]
    public void No_two_surroundings_have_one_partition()
    {
        using var rig = new SemanticRig();
        var keys = rig.Services.GetRequiredService<CacheKeys>();
        var all = new Dictionary<PartitionKey, string>();
        foreach (var (tenant, route, system, more) in
            from tenant in new[] { "acme", "globex", "acm" }
            from route in new[] { "chat", "other" }
            from system in new[] { null, "Be brief.", "Be brief", "e" }
            from more in new[] { "", ",\"temperature\":0.5", ",\"max_tokens\":5", ",\"seed\":1", ",\"response_format\":{\"type\":\"json_object\"}" }
            select (tenant, route, system, more))
        {
            foreach (var embedder in new[] { "a", "b" })
            {
                var exchange = rig.Exchange(SemanticRig.Chat(Questions[0], system, more), tenant);
                using var canonical = exchange.Request!.Canonical(exchange.Endpoint);
                var key = PartitionKey.Of(keys.OfSurroundings(exchange, exchange.Snapshot.Routes[route], canonical, embedder));
                Assert.True(all.TryAdd(key, $"{tenant} {route} {system} {more} {embedder}"), $"{tenant} {route} {system} {more} {embedder} and {all.GetValueOrDefault(key)}");

                // The question alone makes no other partition.
                var other = rig.Exchange(SemanticRig.Chat(Questions[1], system, more), tenant);
                using var same = other.Request!.Canonical(other.Endpoint);
                Assert.Equal(key, PartitionKey.Of(keys.OfSurroundings(other, other.Snapshot.Routes[route], same, embedder)));
            }
        }
    }

    private static async Task WalkAsync(SemanticRig rig, int number, (int Tenant, int Key, int Route, int System, int Question)[] walk, CacheScope scope)
    {
        var owners = new Dictionary<EntryId, (int, int, int, int)>();
        var compared = new List<EntryId>();
        foreach (var name in new[] { "chat", "other" })
        {
            rig.Routes.Find(name)!.Entries!.Compared = compared.Add;
        }

        foreach (var ask in walk)
        {
            var owner = (ask.Tenant, scope is CacheScope.Key ? ask.Key : 0, ask.Route, ask.System);
            var mine = owners.Values.Count(other => other == owner);
            var (tenant, key) = ($"{number}-{ask.Tenant}", $"key-{ask.Key}");
            compared.Clear();
            var looked = await rig.LookUp(
                Questions[ask.Question], tenant, key, system: Systems[ask.System], route: ask.Route == 0 ? "chat" : "other");
            Assert.All(compared, id => Assert.Equal(owner, owners.GetValueOrDefault(id, (-1, -1, -1, -1))));
            Assert.True(mine == 0 || compared.Count > 0, "those of one's own are compared");
            await rig.Answer(looked, $"Slice it, {owner}.");
            owners[new EntryId(looked.Key.A, looked.Key.B)] = owner;
        }
    }
}
