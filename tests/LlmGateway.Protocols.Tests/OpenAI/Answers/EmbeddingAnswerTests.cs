using System.Buffers;
using System.Text;
using LlmGateway.Protocols.OpenAI.Answers;

namespace LlmGateway.Protocols.Tests.OpenAI.Answers;

public sealed class EmbeddingAnswerTests
{
    private const string Body = """

        { "object":"list", "model":"e", "data":[ {"object":"embedding","index":1,"embedding":[0.10, -2e-3]}, {"object":"embedding","index":0,"embedding":"AACAPw=="} ],
          "usage":{"prompt_tokens":4,"total_tokens":4} }
        """;

    [Fact]
    public void Vectors_are_kept_as_they_came_in_the_order_of_the_inputs()
    {
        var body = Encoding.UTF8.GetBytes(Body);
        Assert.True(EmbeddingAnswer.TryRead(body, out var answer));

        Assert.Equal(["\"AACAPw==\"", "[0.10, -2e-3]"], answer.Vectors.Select(vector => Encoding.UTF8.GetString(vector.Value.In((ReadOnlySpan<byte>)body))));
        Assert.Equal("e", Encoding.UTF8.GetString(answer.Model.In((ReadOnlySpan<byte>)body)));
        Kept.Same("""{"prompt_tokens":4,"total_tokens":4}""", Encoding.UTF8.GetString(answer.Usage.In((ReadOnlySpan<byte>)body)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"data":[]}""")]
    [InlineData("""{"error":{"message":"x"},"data":[{"embedding":[1]}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":null}]}""")]
    [InlineData("""{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[2]}]}""")]
    [InlineData("""{"data":[{"index":1,"embedding":[1]}]}""")]
    [InlineData("""{"data":[3]}""")]
    public void An_answer_that_lacks_a_vector_is_not_read(string body) => Assert.False(EmbeddingAnswer.TryRead(Encoding.UTF8.GetBytes(body), out _));

    [Fact]
    public void An_answer_is_written_from_vectors()
    {
        var output = new ArrayBufferWriter<byte>();
        EmbeddingWriter.Begin(output);
        EmbeddingWriter.WriteVector(0, "[1,2]"u8, output);
        EmbeddingWriter.WriteVector(1, "\"AA==\""u8, output);
        EmbeddingWriter.End("e"u8, 9, output);

        Assert.Equal(
            """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1,2]},{"object":"embedding","index":1,"embedding":"AA=="}],"model":"e","usage":{"prompt_tokens":9,"total_tokens":9}}""",
            Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.True(EmbeddingAnswer.TryRead(output.WrittenSpan, out var again));
        Assert.Equal(2, again.Vectors.Count);
    }
}
