using System.Text;
using CsCheck;
using LlmGateway.LoadTests.Http;

namespace LlmGateway.FunctionalTests.LoadTests;

public sealed class TokenStreamReaderTests
{
    private const string Stream =
        "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n"
        + ": keep-alive\r\n\r\n"
        + "data: {\"choices\":[{\"delta\":{\"content\":\"Hel\"}}]}\n\n"
        + "data:{\"choices\":[{\"delta\":{\"content\": \"lo\"}}]}\r\n\r\n"
        + "data: {\"choices\":[{\"delta\":{\"content\":null},\"finish_reason\":\"stop\"}]}\n\n"
        + "data: {\"choices\":[],\"usage\":{\"completion_tokens\":2}}\n\n"
        + "data: [DONE]\n\n";

    [Fact]
    public void Only_events_with_content_are_tokens()
    {
        var reader = Read([Stream]);

        Assert.Equal(2, reader.Tokens);
        Assert.True(reader.Done);
    }

    [Fact]
    public void The_first_token_has_the_time_of_its_own_read_and_not_of_the_role_event()
    {
        var firstToken = Stream.IndexOf("data: {\"choices\":[{\"delta\":{\"content\":\"Hel\"", StringComparison.Ordinal);

        var reader = Read([Stream[..firstToken], Stream[firstToken..]]);

        Assert.Equal(2, reader.FirstToken);
    }

    [Fact]
    public void A_gap_is_the_time_between_two_reads()
    {
        var second = Stream.IndexOf("data:{", StringComparison.Ordinal);

        Assert.Equal([1L], Read([Stream[..second], Stream[second..]]).Gaps);
    }

    [Fact]
    public void Wherever_the_network_splits_the_stream_the_tokens_are_the_same() =>
        Gen.Int[1, Stream.Length - 1].Array[0, 6].Sample(cuts =>
        {
            var bounds = cuts.Append(0).Append(Stream.Length).Order().ToArray();
            var reader = Read(bounds.Zip(bounds.Skip(1), (from, to) => Stream[from..to]));
            return reader is { Tokens: 2, Done: true, Gaps.Count: 1 };
        });

    [Fact]
    public void A_reset_forgets_the_half_line_of_a_stream_that_broke_off()
    {
        var reader = Read(["data: {\"content\":\"x"]);
        reader.Reset();
        reader.Feed(Encoding.UTF8.GetBytes(Stream), 9);

        Assert.Equal((2, 9L), (reader.Tokens, reader.FirstToken));
    }

    private static TokenStreamReader Read(IEnumerable<string> pieces)
    {
        var reader = new TokenStreamReader();
        var now = 0L;
        foreach (var piece in pieces)
        {
            reader.Feed(Encoding.UTF8.GetBytes(piece), ++now);
        }

        return reader;
    }
}
