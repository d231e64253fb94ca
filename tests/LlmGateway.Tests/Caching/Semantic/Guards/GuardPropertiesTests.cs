using CsCheck;
using LlmGateway.Caching.Semantic.Guards;
using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Tests.Caching.Semantic.Guards;

/// <summary>What holds of every guard, whatever the texts.</summary>
public sealed class GuardPropertiesTests
{
    private static readonly string[] Prompts = [.. PromptPair.Development().SelectMany(static pair => new[] { pair.A, pair.B })];

    /// <summary>Prompts, pieces of prompts glued at random, and any UTF-16 at all, broken surrogates too.</summary>
    private static readonly Gen<string> Texts = Gen.OneOf(
        Any(Prompts),
        Gen.Select(Any(Prompts), Any(Prompts), Gen.Int[0, 60]).Select(static (a, b, at) => a[..Math.Min(at, a.Length)] + b[Math.Min(at, b.Length)..]),
        Any([.. "0123456789第百千万半点晚上 $%.,:-'\"《》°pmIV不没一二两"]).Array[0, 30].Select(static characters => new string(characters)),
        Gen.Char.Array[0, 60].Select(static characters => new string(characters)));

    private static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    [Fact]
    public void A_text_is_allowed_to_answer_itself() => Texts.Sample(static text =>
    {
        Assert.Null(GuardChain.Default.Veto(TextFacts.Of(text), TextFacts.Of(text)));
    }, iter: 3_000);

    [Fact]
    public void Which_of_two_was_asked_first_makes_no_difference() => Gen.Select(Texts, Texts).Sample(static (a, b) =>
    {
        var (asked, stored) = (TextFacts.Of(a), TextFacts.Of(b));
        foreach (var guard in GuardChain.Default.Guards)
        {
            Assert.True(guard.Allows(asked, stored) == guard.Allows(stored, asked), guard.Name);
        }
    }, iter: 3_000);

    [Fact]
    public void Whitespace_width_and_invisible_characters_make_no_difference() => Gen.Select(Any(Prompts), Any(" ", "  ", "\t", "\n", "\u00A0", "\u3000", " \u200B"), Gen.Bool).Sample(
        static (text, space, wide) =>
        {
            var other = text.Replace(" ", space, StringComparison.Ordinal);
            other = wide ? string.Concat(other.Select(static c => c is > ' ' and < '\u007F' and not '`' ? (char)(c + 0xFEE0) : c)) : other;
            var (mine, theirs) = (TextFacts.Of(text), TextFacts.Of($" {other}\n"));

            Assert.Equal(mine.Equality, theirs.Equality);
            Assert.Equal(mine.Questions, theirs.Questions);
            Assert.Equal(mine.Language, theirs.Language);
            Assert.Equal(mine.Numbers, theirs.Numbers);
            Assert.Equal(mine.Terms.Select(static term => (term.Text, term.Kind, term.Traits)), theirs.Terms.Select(static term => (term.Text, term.Kind, term.Traits)));
        },
        iter: 2_000);

    [Fact]
    public void The_first_guard_that_forbids_is_named()
    {
        var (asked, stored) = (TextFacts.Of("How do I enable Bluetooth on 2 phones?"), TextFacts.Of("How do I disable Bluetooth on 3 phones?"));

        Assert.Equal("numbers", GuardChain.Default.Veto(asked, stored));
        Assert.Equal("polarity", new GuardChain([new PolarityGuard(), new NumbersGuard()]).Veto(asked, stored));
        Assert.Equal(13, GuardChain.Default.Guards.Select(static guard => guard.Name).Distinct().Count());
    }
}
