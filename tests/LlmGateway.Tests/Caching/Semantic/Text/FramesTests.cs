using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Tests.Caching.Semantic.Text;

public sealed class FramesTests
{
    [Theory]
    [InlineData("Quick question: how do bees sleep?")]
    [InlineData("Well, you know, my boss brought this up today: how do bees sleep?")]
    [InlineData("My sister and I were arguing about how bees sleep.")]
    [InlineData("I've been meaning to ask this for ages - how do bees sleep?")]
    [InlineData("How do bees sleep? It's for a school project.")]
    [InlineData("Please be so good as to explain how bees sleep.")]
    [InlineData("Not sure if this is the right place to ask. How do bees sleep?")]
    [InlineData("Does anyone here know how bees sleep?")]
    [InlineData("Sorry if that is a silly question, how do bees sleep? Thanks in advance!")]
    public void Small_talk_around_a_question_is_gone(string text) =>
        Assert.Equal(["how", "bee", "sleep"], TextFacts.Of(text).Telling.Select(static term => term.Text));

    [Theory]
    [InlineData("My boss owes me money. Can I quit?", "owe")]
    [InlineData("I am allergic to nuts. Can I eat this bar?", "nut")]
    [InlineData("A gift, for my wife", "wif")]
    [InlineData("Can my boss ask why I am sick?", "bos")]
    [InlineData("What did my teacher say about fractals?", "teacher")]
    [InlineData("Do you think bees dream?", "dream")]
    public void What_a_question_is_about_stays(string text, string stem) => Assert.Contains(TextFacts.Of(text).Terms, term => term.Text == stem);
}
