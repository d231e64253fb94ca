using System.Security.Cryptography;
using LlmGateway.Gateway;
using LlmGateway.Requests;

namespace LlmGateway.Tests.Requests;

public sealed class CanonicalRequestTests
{
    private const string Plain = """{"model":"chat","messages":[{"role":"user","content":"Hi"}]}""";

    [Theory]
    [InlineData(""" { "messages" : [ { "content" : "\u0048i", "role" : "user" } ], "model" : "other" } """)]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":[{"text":"Hi","type":"text"}]}]}""")]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":[{"text":"Hi","type":"text","cache_control":{"type":"ephemeral"}}],"name":null}]}""")]
    [InlineData("""{"model":"chat","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Hi"}]}""")]
    [InlineData("""{"model":"chat","user":"u","safety_identifier":"s","metadata":{"a":"b"},"messages":[{"role":"user","content":"Hi"}]}""")]
    [InlineData("""{"model":"chat","fallbacks":["x"],"service_tier":"flex","prompt_cache_key":"k","messages":[{"role":"user","content":"Hi"}]}""")]
    [InlineData("""{"model":"chat","n":1.0,"store":false,"tools":[],"logprobs":false,"logit_bias":{},"messages":[{"role":"user","content":"Hi"}]}""")]
    [InlineData("""{"model":"chat","temperature":null,"stop":null,"seed":null,"response_format":null,"messages":[{"role":"user","content":"Hi"}]}""")]
    public void These_ask_the_same(string json) => Assert.Equal(Canon(Plain), Canon(json));

    [Theory]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("""{"model":"chat","messages":[{"role":"system","content":"Hi"}]}""")]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":"Hi"},{"role":"user","content":""}]}""")]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":["Hi"]}]}""")]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":[{"type":"text","text":"H"},{"type":"text","text":"i"}]}]}""")]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":[{"type":"text","text":"Hi","more":null}]}]}""")]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":"Hi"}],"temperature":0}""")]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":"Hi"}],"n":2}""")]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":"Hi"}],"store":true}""")]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":"Hi"}],"nobody_knows":null}""")]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":"Hi"}],"temperature":null,"temperature":1}""")]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":"Hi","content":null}]}""")]
    public void These_ask_something_else(string json) => Assert.NotEqual(Canon(Plain), Canon(json));

    [Fact]
    public void Names_given_twice_keep_their_order() =>
        Assert.NotEqual(
            Canon("""{"model":"m","messages":[],"temperature":1,"temperature":2}"""),
            Canon("""{"model":"m","messages":[],"temperature":2,"temperature":1}"""));

    [Fact]
    public void A_default_beside_another_value_of_the_same_name_counts() =>
        Assert.NotEqual(
            Canon("""{"model":"m","messages":[],"temperature":1,"temperature":null}"""),
            Canon("""{"model":"m","messages":[],"temperature":1}"""));

    [Fact]
    public void The_order_within_a_tool_counts_since_models_see_it() =>
        Assert.NotEqual(
            Canon("""{"model":"m","messages":[],"tools":[{"a":1,"b":2}]}"""),
            Canon("""{"model":"m","messages":[],"tools":[{"b":2,"a":1}]}"""));

    [Fact]
    public void Many_members_are_sorted_as_few_are()
    {
        var members = Enumerable.Range(0, 100).Select(i => $"\"x{i}\":{i}").ToArray();
        var head = """{"model":"m","messages":[{"role":"user","content":"Hi"}],""";

        using var one = Bodies.Accept(head + string.Join(",", members) + "}").Canonical(EndpointKind.ChatCompletions);
        using var other = Bodies.Accept(head + string.Join(",", members.Reverse()) + "}").Canonical(EndpointKind.ChatCompletions);

        Assert.Equal(one.Bytes, other.Bytes);
        Assert.Equal("Hi"u8, other.LastUserTurn);
    }

    [Theory]
    [InlineData("1", "1.0", "1e0", "10e-1", "0.1E+1", "100e-2")]
    [InlineData("0", "0.0", "-0", "0e5", "-0.00")]
    [InlineData("120", "1.2e2", "12e1", "120.0")]
    [InlineData("-0.5", "-5e-1", "-0.50")]
    [InlineData("12345678901234567890123", "12345678901234567890123.0")]
    public void Numbers_are_equal_by_value(params string[] spellings) =>
        Assert.All(spellings, spelling => Assert.Equal(Canon(WithSeed(spellings[0])), Canon(WithSeed(spelling))));

    [Theory]
    [InlineData("1", "10")]
    [InlineData("1", "-1")]
    [InlineData("1", "\"1\"")]
    [InlineData("0.1", "0.10000000000000001")]
    [InlineData("1e400", "1e401")]
    [InlineData("1e99999999999999999999", "1e99999999999999999998")]
    public void Other_numbers_differ(string one, string other) => Assert.NotEqual(Canon(WithSeed(one)), Canon(WithSeed(other)));

    [Theory]
    [InlineData("as\\u0000\\u0000\\u0000\\u0000b")]
    [InlineData("as\\u0001\\u0000\\u0000\\u0000b")]
    [InlineData("aes")]
    public void A_text_cannot_pass_for_the_frames_of_others(string forged) =>
        Assert.NotEqual(
            Canon("{\"model\":\"m\",\"messages\":[],\"stop\":[\"a\",\"b\"]}"),
            Canon($"{{\"model\":\"m\",\"messages\":[],\"stop\":[\"{forged}\"]}}"));

    [Fact]
    public void Half_a_surrogate_pair_is_a_text_of_its_own()
    {
        var texts = new[] { "\\ud83d", "\\ude00", "\\ud83d\\ude00", "\\ude00\\ud83d", "\\ufffd", "\\ud83dx", "" };

        Assert.Equal(texts.Length, texts.Select(text => Convert.ToHexString(Canon($$"""{"model":"m","messages":[{"role":"user","content":"{{text}}"}]}"""))).Distinct().Count());
        Assert.Equal(
            Canon("""{"model":"m","messages":[{"role":"user","content":"\ud83d\ude00"}]}"""),
            Canon("""{"model":"m","messages":[{"role":"user","content":"😀"}]}"""));
    }

    [Fact]
    public void An_endpoint_has_its_own_bytes() =>
        Assert.NotEqual(
            Canon("""{"model":"m","messages":[],"prompt":"x"}"""),
            Canon("""{"model":"m","messages":[],"prompt":"x"}""", EndpointKind.Completions));

    [Fact]
    public void Completions_with_one_prompt_in_a_list_ask_the_same() =>
        Assert.Equal(
            Canon("""{"model":"m","prompt":"x"}""", EndpointKind.Completions),
            Canon("""{"model":"m","prompt":["x"],"echo":false}""", EndpointKind.Completions));

    [Fact]
    public void The_surroundings_are_all_but_the_last_user_turn()
    {
        const string Two = """{"model":"m","seed":7,"messages":[{"role":"system","content":"S"},{"content":"one","role":"user"}]}""";
        using var one = Bodies.Accept(Two).Canonical(EndpointKind.ChatCompletions);
        using var other = Bodies.Accept(Two.Replace("one", "something longer")).Canonical(EndpointKind.ChatCompletions);
        using var foreign = Bodies.Accept(Two.Replace("\"S\"", "\"T\"")).Canonical(EndpointKind.ChatCompletions);

        Assert.Equal("something longer"u8, other.LastUserTurn);
        Assert.Equal(Surroundings(one), Surroundings(other));
        Assert.NotEqual(Surroundings(one), Surroundings(foreign));
        Assert.False(one.Bytes.SequenceEqual(other.Bytes));
        Assert.Equal("one", Two.Substring(one.Facts.LastUserTurn.Start, one.Facts.LastUserTurn.Length));
    }

    [Fact]
    public void A_last_user_turn_that_is_not_just_text_is_no_open_part()
    {
        using var canon = Bodies.Accept("""
            {"model":"m","messages":[{"role":"user","content":"before"},{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"u"}}]}]}
            """).Canonical(EndpointKind.ChatCompletions);

        Assert.False(canon.Facts.LastUserTurn.Exists);
        Assert.False(canon.Facts.EndsWithUserText);
        Assert.True(canon.Facts.HasMedia);
        Assert.True(canon.LastUserTurn.IsEmpty);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        canon.AppendTo(hash);
        Assert.Equal(hash.GetHashAndReset(), Surroundings(canon));
    }

    private static string WithSeed(string number) => $$"""{"model":"m","messages":[],"seed":{{number}}}""";

    private static byte[] Surroundings(CanonicalRequest canon)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        canon.AppendSurroundingsTo(hash);
        return hash.GetHashAndReset();
    }

    private static byte[] Canon(string json, EndpointKind endpoint = EndpointKind.ChatCompletions)
    {
        using var canon = Bodies.Accept(json, endpoint).Canonical(endpoint);
        return canon.Bytes.ToArray();
    }
}
