namespace LlmGateway.Protocols.Tests.OpenAI;

public sealed class RemoveUsageTests
{
    [Theory]
    [InlineData("""{"a":1,"usage":null}""", """{"a":1}""")]
    [InlineData("""{"usage":null,"a":1}""", """{"a":1}""")]
    [InlineData("""{"a":1,"usage":{"x":[1,{"y":"}"}]},"b":2}""", """{"a":1,"b":2}""")]
    [InlineData("""{ "a" : 1 , "usage" : null , "b" : 2 }""", """{ "a" : 1  , "b" : 2 }""")]
    [InlineData("""{ "usage" : 12 , "b" : 2 }""", """{  "b" : 2 }""")]
    [InlineData("""{"usage":12}""", "{}")]
    [InlineData("""{"usage":1,"usage":2}""", "{}")]
    [InlineData("""{"usage":1,"usage":2,"a":3}""", """{"a":3}""")]
    [InlineData("""{"a":3,"usage":1,"usage":2}""", """{"a":3}""")]
    [InlineData("""{"usage":1,"a":3,"usage":2}""", """{"a":3}""")]
    [InlineData("""{"us\u0061ge":1,"a":3}""", """{"a":3}""")]
    [InlineData("""{"a":"usage","b":{"usage":1},"choices":[{"delta":{"usage":2}}]}""", """{"a":"usage","b":{"usage":1},"choices":[{"delta":{"usage":2}}]}""")]
    [InlineData("""{"choices":[{"index":0,"usage":{"prompt_tokens":1}},{"usage":null,"index":1}],"x_groq":{"id":"r","usage":{}},"usage":null}""", """{"choices":[{"index":0},{"index":1}],"x_groq":{"id":"r"}}""")]
    public void Every_usage_member_goes_and_nothing_else(string json, string expected) => Assert.Equal(expected, Chunks.RemoveUsage(json));

    [Fact]
    public void More_members_than_the_facts_can_list_go_too()
    {
        var choices = string.Join(',', Enumerable.Range(0, 50).Select(i => $$$"""{"index":{{{i}}},"usage":{"prompt_tokens":{{{i}}}}}"""));
        var expected = string.Join(',', Enumerable.Range(0, 50).Select(i => $$"""{"index":{{i}}}"""));
        Assert.True(Chunks.Scan($$"""{"choices":[{{choices}}]}""").HasMoreUsageMembers);
        Assert.Equal($$"""{"choices":[{{expected}}]}""", Chunks.RemoveUsage($$"""{"choices":[{{choices}}]}"""));
    }

    [Fact]
    public void A_chunk_without_usage_stays_as_it_is() => Assert.Equal(Chunks.ToolCall, Chunks.RemoveUsage(Chunks.ToolCall));

    [Fact]
    public void A_malformed_chunk_stays_as_it_is() => Assert.Equal("{\"usage\":1,", Chunks.RemoveUsage("{\"usage\":1,"));
}
