using System.Text;
using CsCheck;
using LlmGateway.Metering;
using Microsoft.ML.Tokenizers;

namespace LlmGateway.Tests.Metering;

public class TokenCounterTests
{
    private static readonly TokenCounter Counter = new();

    private static readonly Lazy<Tokenizer> Reference = new(() => TiktokenTokenizer.CreateForEncoding("o200k_base"));

    [Theory]
    [InlineData("Hello, world!", 4)]
    [InlineData("大模型网关", 4)]
    [InlineData(" ", 1)]
    public async Task Short_text_counts_as_the_vocabulary_says(string text, long tokens)
    {
        Assert.Equal(Reference.Value.CountTokens(text), tokens);
        Assert.Equal(tokens, await Counter.CountAsync(Encoding.UTF8.GetBytes(text), 0));
    }

    [Fact]
    public async Task Long_prose_counts_as_it_would_in_one_piece()
    {
        var text = string.Concat(Enumerable.Range(0, 2_000).Select(number => $"Line {number} says that the quick brown fox jumps over it.\n"));
        var expected = Reference.Value.CountTokens(text);

        var counted = await Counter.CountAsync(Encoding.UTF8.GetBytes(text), 0);

        Assert.InRange(counted, expected, expected * 1.01);
    }

    [Fact]
    public async Task Text_without_a_space_is_cut_between_characters()
    {
        var text = string.Concat(Enumerable.Repeat("价格😀", 2_000));
        var expected = Reference.Value.CountTokens(text);

        Assert.InRange(await Counter.CountAsync(Encoding.UTF8.GetBytes(text), 0), expected, expected * 1.01);
    }

    [Fact]
    public async Task Text_beyond_the_bound_is_taken_to_be_like_the_text_before_it()
    {
        var line = Encoding.UTF8.GetBytes("abcdefg 1234567\n");
        var text = new byte[2 * TokenCounter.MaxBytes];
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = line[i % line.Length];
        }

        var bound = await Counter.CountAsync(text.AsMemory(0, TokenCounter.MaxBytes), 0);

        Assert.Equal(2 * bound, await Counter.CountAsync(text, text.Length));
        Assert.Equal(4 * bound, await Counter.CountAsync(text, 2L * text.Length));
    }

    [Fact]
    public async Task Text_of_which_only_the_size_is_known_is_a_token_in_four_bytes()
    {
        Assert.Equal(0, await Counter.CountAsync(ReadOnlyMemory<byte>.Empty, 0));
        Assert.Equal(1, await Counter.CountAsync(ReadOnlyMemory<byte>.Empty, 1));
        Assert.Equal(3, await Counter.CountAsync(ReadOnlyMemory<byte>.Empty, 9));
    }

    [Fact]
    public async Task Bytes_that_are_not_text_are_counted_and_never_throw()
    {
        await Gen.Byte.Array[0, 2_000].SampleAsync(async bytes =>
            Assert.InRange(await Counter.CountAsync(bytes, bytes.Length), bytes.Length == 0 ? 0 : 1, 4L * bytes.Length));
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(12, 1, 12, 1)]
    [InlineData(12, 4, 12, 1)]
    [InlineData(12, 5, 12, 2)]
    [InlineData(-1, -1, 0, 0)]
    [InlineData(long.MaxValue, long.MaxValue, long.MaxValue, 1L << 61)]
    public void After_a_crash_sizes_are_all_there_is(long input, long bytes, long inputTokens, long outputTokens)
    {
        Assert.Equal(new(inputTokens, 0, 0, outputTokens, 0), Estimator.FromBytes(input, bytes));
    }
}
