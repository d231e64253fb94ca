using System.Text;
using CsCheck;
using LlmGateway.Gateway;

namespace LlmGateway.Tests.Requests;

public class MessageEndsTests
{
    private static readonly Gen<string> Message = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 40]).Select((kind, length) => kind switch
    {
        0 => $$"""{"role":"user","content":"{{new string('x', length)}}"}""",
        1 => $$"""  { "content" : "} ] \" {{new string('é', length)}}", "role":"assistant" }  """,
        2 => """{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},{"type":"text","text":"?"}]}""",
        _ => """{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{\"a\":[1]}"}}]}""",
    });

    [Fact]
    public void The_first_two_ends_and_the_last_fourteen_are_kept_with_the_estimate_up_to_them() => Message.Array[1, 40].Sample(messages =>
    {
        var marks = Bodies.Accept(Chat(messages)).Marks;

        int[] expected = [.. Enumerable.Range(1, messages.Length).Where(count => count <= 2 || count > messages.Length - 14)];
        var ends = marks.MessageEnds.ToArray();
        Assert.Equal(expected.Length, ends.Length);
        for (var i = 0; i < ends.Length; i++)
        {
            // A chat of only these messages ends where they end, and is estimated at as much.
            var shorter = Bodies.Accept(Chat(messages[..expected[i]]));
            Assert.Equal(shorter.Marks.MessageEnds.Span[^1].At, ends[i].At);
            Assert.Equal(Encoding.UTF8.GetByteCount(Chat(messages[..expected[i]])[..^2].TrimEnd()), ends[i].At);
            Assert.Equal(shorter.InputTokenEstimate, ends[i].Tokens);
        }
    });

    [Fact]
    public void Tools_have_a_place_and_a_share_of_the_estimate_wherever_they_stand()
    {
        const string Tools = """[{"type":"function","function":{"name":"weather","description":"Tells how the weather is or will be."}}]""";
        const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"1234567\"}]";
        var without = Bodies.Accept($$"""{"model":"chat",{{Messages}}}""");
        Assert.Equal((default, 0), (without.Marks.Tools, without.Marks.ToolTokens));
        Assert.All([$$"""{"model":"chat","tools":{{Tools}},{{Messages}}}""", $$"""{"model":"chat",{{Messages}},"functions":{{Tools}}}"""], body =>
        {
            var request = Bodies.Accept(body);
            var (start, length) = (request.Marks.Tools.Start, request.Marks.Tools.Length);
            Assert.Equal(Tools, Encoding.UTF8.GetString(request.Body.Span.Slice(start, length)));

            // Each of them is rounded to a whole token.
            Assert.InRange(request.InputTokenEstimate - without.InputTokenEstimate - request.Marks.ToolTokens, -1, 1);
            Assert.InRange(request.Marks.MessageEnds.Span[0].Tokens - without.Marks.MessageEnds.Span[0].Tokens, -1, 1);
        });
    }

    [Fact]
    public void What_has_no_messages_has_no_ends() => Assert.All(
        new (string Body, EndpointKind Endpoint)[]
        {
            ("""{"model":"chat","messages":[]}""", EndpointKind.ChatCompletions),
            ("""{"model":"chat","prompt":"Hello"}""", EndpointKind.Completions),
            ("""{"model":"chat","input":["Hello"],"messages":[{"role":"user","content":"x"}]}""", EndpointKind.Embeddings),
        },
        one =>
        {
            var marks = Bodies.Accept(one.Body, one.Endpoint).Marks;
            Assert.True(marks.MessageEnds.IsEmpty);
            Assert.False(marks.HasMessages);
        });

    private static string Chat(string[] messages) => $$"""{"model":"chat","messages":[{{string.Join(',', messages)}}]}""";
}
