using LlmGateway.Gateway;
using LlmGateway.Requests;

namespace LlmGateway.Tests.Requests;

public sealed class CacheabilityFactsTests
{
    [Fact]
    public void A_plain_question_has_nothing_against_it()
    {
        var facts = FactsOf("\"temperature\":null,\"tools\":[],\"store\":false,\"seed\":null");

        Assert.Equal(
            new CacheabilityFacts { Choices = 1, Messages = 1, UserTurns = 1, EndsWithUserText = true, LastUserTurn = facts.LastUserTurn }, facts);
        Assert.Equal(2, facts.LastUserTurn.Length);
    }

    [Fact]
    public void Sampling_is_told()
    {
        var facts = FactsOf("\"temperature\":0.25,\"seed\":1,\"n\":3");

        Assert.Equal(0.25, facts.Temperature);
        Assert.True(facts.HasSeed);
        Assert.Equal(3, facts.Choices);
    }

    [Fact]
    public void Kept_answers_are_told() => Assert.True(FactsOf("\"store\":true").Stored);

    [Theory]
    [InlineData("\"previous_response_id\":\"r\"", true, false)]
    [InlineData("\"conversation\":{\"id\":\"c\"}", true, false)]
    [InlineData("\"previous_response_id\":null", false, false)]
    [InlineData("\"web_search_options\":{}", false, true)]
    [InlineData("\"enable_search\":true", false, true)]
    [InlineData("\"enable_search\":false", false, false)]
    public void What_lies_outside_of_the_request_is_told(string member, bool state, bool search)
    {
        var facts = FactsOf(member);

        Assert.Equal((state, search), (facts.DependsOnState, facts.DependsOnSearch));
    }

    [Theory]
    [InlineData("""{"role":"user","content":"a"}""", false, false, true)]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}""", false, false, false)]
    [InlineData("""{"role":"user","content":[{"type":"input_audio","input_audio":{}}]}""", false, true, false)]
    [InlineData("""{"role":"user","content":[{"type":"file","file":{}}]}""", false, true, false)]
    [InlineData("""{"role":"user","content":[{"image_url":{}}]}""", false, true, false)]
    [InlineData("""{"role":"assistant","tool_calls":[{"id":"1"}]}""", true, false, false)]
    [InlineData("""{"role":"assistant","content":"a","tool_calls":null}""", false, false, false)]
    [InlineData("""{"content":"x","role":"tool"}""", true, false, false)]
    public void Messages_are_told(string last, bool tools, bool media, bool endsWithUserText)
    {
        var facts = Facts($$"""{"model":"m","messages":[{"role":"user","content":"q"},{{last}}]}""");

        Assert.Equal((2, tools, media, endsWithUserText), (facts.Messages, facts.HasTools, facts.HasMedia, facts.EndsWithUserText));
    }

    [Fact]
    public void Offered_tools_are_told() => Assert.True(FactsOf("\"tools\":[{\"type\":\"function\"}]").HasTools);

    private static CacheabilityFacts FactsOf(string members) => Facts(Bodies.Chat(members));

    private static CacheabilityFacts Facts(string json)
    {
        using var canon = Bodies.Accept(json).Canonical(EndpointKind.ChatCompletions);
        return canon.Facts;
    }
}
