using LlmGateway.Caching.Semantic.Judging;

namespace LlmGateway.Tests.Caching.Semantic.Judging;

/// <summary>One word is a verdict; anything else is none.</summary>
public class YesOrNoTests
{
    [Theory]
    [InlineData("yes")]
    [InlineData("Yes.")]
    [InlineData("  YES\n")]
    [InlineData("**Yes**")]
    [InlineData("\"yes\"")]
    [InlineData("Ｙｅｓ！")]
    [InlineData("是")]
    [InlineData("是的。")]
    [InlineData("“对”")]
    public void Yes_is_yes(string said) => Assert.True(YesOrNo.Read(said));

    [Theory]
    [InlineData("no")]
    [InlineData("No.")]
    [InlineData("`NO`")]
    [InlineData("ｎｏ")]
    [InlineData("否")]
    [InlineData("不是。")]
    [InlineData("不对！")]
    public void No_is_no(string said) => Assert.False(YesOrNo.Read(said));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("...")]
    [InlineData("maybe")]
    [InlineData("yes and no")]
    [InlineData("Yes, they are the same.")]
    [InlineData("No problem")]
    [InlineData("yes no")]
    [InlineData("not")]
    [InlineData("yesterday")]
    [InlineData("是不是")]
    [InlineData("不")]
    [InlineData("也许是")]
    [InlineData("yes?")]
    [InlineData("{\"answer\":\"yes\"}")]
    [InlineData("<think>yes</think>no")]
    [InlineData("true")]
    [InlineData("1")]
    [InlineData("yes\n\nno")]
    [InlineData("\ud800yes")]
    [InlineData("                                                                    yes")]
    public void Everything_else_is_neither(string said) => Assert.Null(YesOrNo.Read(said));
}
