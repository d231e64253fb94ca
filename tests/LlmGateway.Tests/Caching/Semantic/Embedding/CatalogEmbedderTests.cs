using System.Text.Json;
using LlmGateway.Caching.Semantic.Embedding;
using LlmGateway.Gateway;
using LlmGateway.Upstream;

namespace LlmGateway.Tests.Caching.Semantic.Embedding;

/// <summary>What is sent to a deployment for vectors, what its answers may look like, and whose texts never go there.</summary>
public class CatalogEmbedderTests
{
    [Fact]
    public async Task Texts_of_one_payer_go_in_one_call_that_is_booked_to_it()
    {
        var rig = new CatalogRig();
        var results = await rig.Ask(CatalogRig.Acme, "How long is the \"Rhine\"?", "莱茵河有多长？");
        Assert.All(results, result => Assert.True(result.HasVector));

        var call = Assert.Single(rig.Aside.Calls);
        Assert.Equal(
            (CatalogRig.Deployment, EndpointKind.Embeddings, AttemptCause.Embedding, new Payer("acme", "search", "key_1", "chat", "ann", """{"team":"red"}""")),
            (call.Deployment, call.Endpoint, call.Cause, call.Payer));
        Assert.Equal(
            """{"model":"p/embed","input":["How long is the \"Rhine\"?","莱茵河有多长？"],"dimensions":3,"encoding_format":"float"}""",
            System.Text.Encoding.UTF8.GetString(call.Body.Span));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Numbers_and_base64_are_the_same_vector(bool base64)
    {
        var rig = new CatalogRig(base64 ? CatalogRig.Base64 : CatalogRig.Floats);
        var result = (await rig.Ask(CatalogRig.Acme, "four"))[0];
        var length = Math.Sqrt(16 + 1 + 0.25);
        Assert.Equal([(float)(4 / length), (float)(1 / length), (float)(0.5 / length)], result.Vector.ToArray());
    }

    [Fact]
    public async Task What_is_known_of_a_tenant_is_not_asked_again()
    {
        var rig = new CatalogRig();
        await rig.Ask(CatalogRig.Acme, "four");
        await rig.Ask(CatalogRig.Acme with { Route = "other" }, "four");
        Assert.Single(rig.Aside.Calls);
    }

    [Fact]
    public async Task Without_consent_no_text_goes_out_and_nothing_that_is_known_is_used()
    {
        var rig = new CatalogRig();
        await rig.Ask(CatalogRig.Acme, "four");
        rig.Source.Consent = false;
        Assert.Equal(EmbeddingGap.NoConsent, (await rig.Ask(CatalogRig.Acme, "four"))[0].Gap);
        Assert.Equal(EmbeddingGap.NoConsent, (await rig.Ask(CatalogRig.Acme with { Tenant = "stranger" }, "four"))[0].Gap);
        Assert.Single(rig.Aside.Calls);
    }

    [Fact]
    public async Task A_probe_is_nobodys_and_needs_no_consent()
    {
        var rig = new CatalogRig();
        rig.Source.Consent = false;
        Assert.True((await rig.Ask(EmbeddingContext.Nobody, "What is the capital of France?"))[0].HasVector);
        Assert.Null(Assert.Single(rig.Aside.Calls).Payer);
    }

    [Fact]
    public async Task Of_a_model_that_takes_no_dimensions_none_are_asked_from_then_on()
    {
        var rig = new CatalogRig(call => Names(call) ? AsideAnswer.Without(AsideFault.Rejected, "bad_request, status 400") : CatalogRig.Floats(call));
        Assert.True((await rig.Ask(CatalogRig.Acme, "one"))[0].HasVector);
        Assert.True((await rig.Ask(CatalogRig.Acme, "another"))[0].HasVector);
        Assert.Equal([true, false, false], rig.Aside.Calls.Select(Names));
    }

    [Fact]
    public async Task A_text_that_is_refused_either_way_says_nothing_of_dimensions()
    {
        var rig = new CatalogRig(call => CatalogRig.Texts(call)[0] == "bad" ? AsideAnswer.Without(AsideFault.Rejected, "bad_request, status 400") : CatalogRig.Floats(call));
        Assert.Equal(EmbeddingGap.Refused, (await rig.Ask(CatalogRig.Acme, "bad"))[0].Gap);
        Assert.True((await rig.Ask(CatalogRig.Acme, "good"))[0].HasVector);
        Assert.Equal([true, false, true], rig.Aside.Calls.Select(Names));
    }

    [Theory]
    [InlineData((int)AsideFault.Forbidden, (int)EmbeddingGap.Refused)]
    [InlineData((int)AsideFault.Refused, (int)EmbeddingGap.Refused)]
    [InlineData((int)AsideFault.Stopping, (int)EmbeddingGap.Refused)]
    [InlineData((int)AsideFault.Resting, (int)EmbeddingGap.Resting)]
    [InlineData((int)AsideFault.Failed, (int)EmbeddingGap.Failed)]
    [InlineData((int)AsideFault.Late, (int)EmbeddingGap.Late)]
    public async Task What_fails_is_a_gap(int fault, int gap) =>
        Assert.Equal((EmbeddingGap)gap, (await new CatalogRig(_ => AsideAnswer.Without((AsideFault)fault, "because")).Ask(CatalogRig.Acme, "text"))[0].Gap);

    [Theory]
    [InlineData("[1,2]", (int)EmbeddingGap.WrongLength)]
    [InlineData("[1,2,3,4]", (int)EmbeddingGap.WrongLength)]
    [InlineData("[1,2,\"3\"]", (int)EmbeddingGap.Failed)]
    [InlineData("[1,2,null]", (int)EmbeddingGap.Failed)]
    [InlineData("[1,2,[3]]", (int)EmbeddingGap.Failed)]
    [InlineData("[1,2,1e99]", (int)EmbeddingGap.NotFinite)]
    [InlineData("[0,0,0]", (int)EmbeddingGap.Zero)]
    [InlineData("\"AACAPwAAgD8AAIA=\"", (int)EmbeddingGap.Failed)]
    [InlineData("\"not base64!\"", (int)EmbeddingGap.Failed)]
    [InlineData("\"\"", (int)EmbeddingGap.WrongLength)]
    public async Task A_vector_that_is_none_is_not_taken_for_one(string vector, int gap) =>
        Assert.Equal((EmbeddingGap)gap, (await new CatalogRig(_ => CatalogRig.Of([vector])).Ask(CatalogRig.Acme, "text"))[0].Gap);

    [Fact]
    public async Task Fewer_vectors_than_texts_are_none()
    {
        var results = await new CatalogRig(_ => CatalogRig.Of(["[1,2,3]"])).Ask(CatalogRig.Acme, "one", "two");
        Assert.All(results, result => Assert.Equal(EmbeddingGap.WrongCount, result.Gap));
    }

    [Fact]
    public void Its_id_tells_whatever_changes_a_vector()
    {
        var (deployment, factory) = (CatalogRig.Deployment, new CatalogEmbedders(new FakeAside(CatalogRig.Floats), new CatalogRig.Snapshots(), TimeProvider.System, null!));
        string[] ids =
        [
            factory.Create(deployment, 3).Id,
            factory.Create(deployment, 4).Id,
            factory.Create(deployment with { Model = "embed-2" }, 3).Id,
            factory.Create(deployment with { Provider = deployment.Provider with { BaseUrl = new Uri("http://127.0.0.1:10/v1") } }, 3).Id,
            factory.Create(deployment with { Provider = deployment.Provider with { BaseUrl = null } }, 3).Id,
        ];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Equal(ids[0], factory.Create(deployment, 3).Id);
    }

    private static bool Names(AsideCall call) => CatalogRig.Body(call).TryGetProperty("dimensions", out var named) && named.ValueKind is JsonValueKind.Number;
}
