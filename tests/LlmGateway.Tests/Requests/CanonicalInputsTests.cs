using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using LlmGateway.Gateway;
using LlmGateway.Requests;

namespace LlmGateway.Tests.Requests;

public sealed class CanonicalInputsTests
{
    [Theory]
    [InlineData("\"a\"", "\"a\"")]
    [InlineData("[\"a\", \"b\" ]", "\"a\"", "\"b\"")]
    [InlineData("[1, 2]", "[1, 2]")]
    [InlineData("[[1,2],[3]]", "[1,2]", "[3]")]
    [InlineData("[]")]
    public void Inputs_are_told_apart(string input, params string[] expected)
    {
        var json = $$"""{"model":"m","dimensions":8, "input" : {{input}} ,"user":"u"}""";
        using var canon = Read(json);

        Assert.Equal(expected, Enumerable.Range(0, canon.InputCount).Select(i => json.Substring(canon.InputAt(i).Start, canon.InputAt(i).Length)));
    }

    [Fact]
    public void An_input_has_the_same_bytes_wherever_it_stands()
    {
        using var alone = Read("""{"model":"m","input":"caf\u00e9"}""");
        using var among = Read("""{"input":["x","café"],"model":"m","encoding_format":"float"}""");

        Assert.Equal(alone.Input(0), among.Input(1));
        Assert.False(alone.Input(0).SequenceEqual(among.Input(0)));
        Assert.Equal(Surroundings(alone), Surroundings(among));
    }

    [Fact]
    public void What_is_asked_of_all_is_in_the_surroundings()
    {
        using var small = Read("""{"model":"m","input":"a","dimensions":8}""");
        using var large = Read("""{"model":"m","input":"a","dimensions":16}""");
        using var base64 = Read("""{"model":"m","input":"a","dimensions":8,"encoding_format":"base64"}""");

        Assert.Equal(3, new[] { small, large, base64 }.Select(canon => Convert.ToHexString(Surroundings(canon))).Distinct().Count());
    }

    [Fact]
    public void Tokens_and_the_text_of_their_digits_differ()
    {
        using var tokens = Read("""{"model":"m","input":[1,2]}""");
        using var nested = Read("""{"model":"m","input":[[1,2]]}""");
        using var texts = Read("""{"model":"m","input":["1","2"]}""");

        Assert.Equal(tokens.Input(0), nested.Input(0));
        Assert.Equal(tokens.Bytes, nested.Bytes);
        Assert.False(tokens.Bytes.SequenceEqual(texts.Bytes));
    }

    [Theory]
    [InlineData("""["a","b\u0041","c"]""", """["c","b\u0041"]""", 2, 1)]
    [InlineData("""[[1,2],[3],[4]]""", """[[3]]""", 1)]
    [InlineData("\"a\"", """["a"]""", 0)]
    [InlineData("[1,2]", "[[1,2]]", 0)]
    public void A_batch_asks_for_some(string input, string expected, params int[] wanted)
    {
        var json = $$"""{"fallbacks":["f"],"model":"m","dimensions":8,"input":{{input}},"user":"u"}""";
        var request = Bodies.Accept(json, EndpointKind.Embeddings);
        using var canon = request.Canonical(EndpointKind.Embeddings);
        using var subset = canon.WithInputs(request, wanted);

        var node = JsonNode.Parse(json)!;
        node["input"] = JsonNode.Parse(expected);
        Assert.True(JsonNode.DeepEquals(node, JsonNode.Parse(subset.Body.Span)), Encoding.UTF8.GetString(subset.Body.Span));
        Assert.Equal(("m", "u"), (subset.Model, subset.User));
        Assert.Equal(["f"], subset.Fallbacks);
        using var again = subset.Canonical(EndpointKind.Embeddings);
        Assert.Equal(canon.Input(wanted[0]), again.Input(0));
    }

    private static byte[] Surroundings(CanonicalRequest canon)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        canon.AppendSurroundingsTo(hash);
        return hash.GetHashAndReset();
    }

    private static CanonicalRequest Read(string json) => Bodies.Accept(json, EndpointKind.Embeddings).Canonical(EndpointKind.Embeddings);
}
