using System.Text.Json;
using LlmGateway.Admin;
using LlmGateway.Catalog;
using LlmGateway.Tests.Caching.Semantic;

namespace LlmGateway.Tests.Admin;

public sealed class SemanticViewTests
{
    [Fact]
    public async Task It_shows_what_was_found_how_far_it_is_proven_and_what_it_would_save()
    {
        using var rig = new SemanticRig();
        await rig.Ask("How do I freeze fresh bread at home?", "Slice it.");
        await rig.Ask("how do i freeze fresh bread at home", "Slice it.");
        await rig.Ask("How do I freeze 3 loaves of bread?", "Slice it.");
        await rig.Ask("How do I freeze 5 loaves of bread?", "Slice it.");
        await rig.LookUp("What is on today?");

        var view = Json(rig);
        Assert.Equal(("shadow", "shadow", 1, 3), (Text(view, "mode"), Text(view, "active_mode"), Number(view, "would_be_hits"), Number(view, "entries")));
        Assert.Equal((4, 0), (Number(view, "lookups"), Number(view, "hits")));
        Assert.Equal("{\"time_sensitive\":1}", view.GetProperty("skipped").GetRawText());
        Assert.InRange(view.GetProperty("vetoes").GetProperty("numbers").GetInt64(), 1, 5);
        Assert.Equal(("builtin", "fit"), (Text(view.GetProperty("embedder"), "name"), Text(view.GetProperty("embedder"), "state")));
        var proof = view.GetProperty("proof");
        Assert.Equal(("shadow", "collecting", 1, 0), (Text(proof, "state"), Text(proof, "reason"), Number(proof, "labels"), Number(proof, "wrong")));
        Assert.False(proof.GetProperty("serving").GetBoolean());
        Assert.InRange(Number(proof, "labels_needed"), 300, 400);
        Assert.InRange(proof.GetProperty("wrong_at_most").GetDouble(), 0.9, 1);
        Assert.Equal("""{"hits":1,"seconds":2,"money":[{"amount":"0.002000000","currency":"USD"}],"unpriced":0}""", proof.GetProperty("would_be").GetRawText());
        Assert.StartsWith("acme/", Text(Assert.Single(view.GetProperty("partitions").EnumerateArray().ToArray()), "partition"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_route_that_could_not_be_set_up_says_why()
    {
        var deployment = new Deployment
        {
            Name = "p/embed",
            Provider = new Provider { Name = "p", Dialect = Dialect.OpenAI, BaseUrl = new Uri("http://127.0.0.1:9/v1") },
            Model = "embed",
            PriceName = "p/embed",
        };
        using var rig = new SemanticRig(SemanticRig.Shadow with { Embedder = deployment, Dimensions = 8 });
        var view = Json(rig);
        Assert.Equal(("shadow", "off", "nothing makes vectors with p/embed"), (Text(view, "mode"), Text(view, "active_mode"), Text(view, "off_because")));
        Assert.Equal(JsonValueKind.Null, view.GetProperty("proof").ValueKind);
    }

    [Fact]
    public async Task The_document_has_every_member_of_it()
    {
        using var rig = new SemanticRig();
        await rig.Ask("How do I freeze fresh bread at home?", "Slice it.");
        var view = Json(rig);
        using var document = JsonDocument.Parse(typeof(SemanticView).Assembly.GetManifestResourceStream("LlmGateway.Admin.openapi.json")!);
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        AssertDescribed(view, schemas.GetProperty("Semantic"));
        AssertDescribed(view.GetProperty("embedder"), schemas.GetProperty("Semantic").GetProperty("properties").GetProperty("embedder"));
        AssertDescribed(view.GetProperty("near_misses"), schemas.GetProperty("Semantic").GetProperty("properties").GetProperty("near_misses"));
        AssertDescribed(view.GetProperty("proof"), schemas.GetProperty("Proof"));
        AssertDescribed(view.GetProperty("proof").GetProperty("served"), schemas.GetProperty("Saving"));
    }

    private static void AssertDescribed(JsonElement shown, JsonElement schema)
    {
        var members = shown.EnumerateObject().Select(member => member.Name).ToArray();
        Assert.Equal(members, schema.GetProperty("properties").EnumerateObject().Select(member => member.Name));
        Assert.Equal(members, schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()!));
    }

    private static JsonElement Json(SemanticRig rig) => JsonSerializer.SerializeToElement(SemanticView.Of(rig.State, 5), AdminJson.Default.SemanticView);

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
