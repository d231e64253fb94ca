using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace LlmGateway.FunctionalTests.Simulator;

public sealed class EmbeddingTests
{
    [Fact]
    public async Task A_text_has_a_unit_vector_of_the_length_of_the_model()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        JsonElement answer = await EmbedAsync(sim, "\"The cat sat on the mat\"");

        Assert.Equal("list", answer.GetProperty("object").GetString());
        Assert.Equal("sim-embedding", answer.GetProperty("model").GetString());
        Assert.Equal(6, answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(6, answer.GetProperty("usage").GetProperty("total_tokens").GetInt32());
        float[] vector = Vector(answer, 0);
        Assert.Equal(1_536, vector.Length);
        Assert.Equal(1, Product(vector, vector), 0.0001);
    }

    [Fact]
    public async Task Base64_says_the_same_as_floats()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        float[] floats = Vector(await EmbedAsync(sim, "\"hello\""), 0);
        JsonElement coded = await EmbedAsync(sim, "\"hello\"", ""","encoding_format":"base64" """);

        byte[] bytes = coded.GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64();
        Assert.Equal(floats, MemoryMarshal.Cast<byte, float>(bytes).ToArray());
    }

    [Fact]
    public async Task Texts_that_share_words_lie_closer_than_texts_that_do_not()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        JsonElement answer = await EmbedAsync(
            sim, """["How do I reset my password?","how can I reset my Password","Bake the bread for an hour","How do I reset my password?"]""");

        float[] question = Vector(answer, 0);
        Assert.True(Product(question, Vector(answer, 1)) > 0.6);
        Assert.True(Product(question, Vector(answer, 2)) < 0.3);
        Assert.Equal(question, Vector(answer, 3));
        Assert.Equal([0, 1, 2, 3], answer.GetProperty("data").EnumerateArray().Select(static item => item.GetProperty("index").GetInt32()));
    }

    [Theory]
    [InlineData("[1,2,3]", 1, 3)]
    [InlineData("[[1,2,3],[4]]", 2, 4)]
    public async Task Token_ids_are_an_input_too(string input, int vectors, int tokens)
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        JsonElement answer = await EmbedAsync(sim, input);

        Assert.Equal(vectors, answer.GetProperty("data").GetArrayLength());
        Assert.Equal(tokens, answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
    }

    [Fact]
    public async Task Fewer_dimensions_are_given_and_more_are_refused()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        float[] vector = Vector(await EmbedAsync(sim, "\"hello\"", ""","dimensions":64"""), 0);
        using HttpResponseMessage refused = await sim.PostAsync("embeddings", """{"model":"sim-embedding","input":"a","dimensions":99999}""");

        Assert.Equal(64, vector.Length);
        Assert.Equal(1, Product(vector, vector), 0.0001);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Theory]
    [InlineData("""{"model":"sim-embedding"}""", "input")]
    [InlineData("""{"model":"sim-embedding","input":[]}""", "input")]
    [InlineData("""{"model":"sim-embedding","input":""}""", "input")]
    [InlineData("""{"model":"sim-embedding","input":[["a"]]}""", "input")]
    [InlineData("""{"model":"sim-embedding","input":{"a":[1]}}""", "input")]
    [InlineData("""{"input":"a","model":"sim-embedding","encoding_format":"hex"}""", "encoding_format")]
    public async Task An_unusable_input_is_refused_by_name(string body, string param)
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        using HttpResponseMessage response = await sim.PostAsync("embeddings", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(param, (await SimulatorFixture.JsonAsync(response)).GetProperty("error").GetProperty("param").GetString());
    }

    private static async Task<JsonElement> EmbedAsync(SimulatorFixture sim, string input, string more = "")
    {
        using HttpResponseMessage response = await sim.PostAsync("embeddings", $$"""{"model":"sim-embedding","input":{{input}}{{more}}}""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await SimulatorFixture.JsonAsync(response);
    }

    private static float[] Vector(JsonElement answer, int index) =>
        [.. answer.GetProperty("data")[index].GetProperty("embedding").EnumerateArray().Select(static value => value.GetSingle())];

    private static double Product(float[] a, float[] b) => a.Zip(b, static (x, y) => (double)x * y).Sum();
}
