using System.Text;
using System.Text.Json;
using CsCheck;
using LlmGateway.Gateway;
using LlmGateway.Requests;

namespace LlmGateway.Tests.Requests;

public sealed class MutationTests
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1000 };

    private static readonly Gen<byte> Byte = Gen.OneOf(Gen.Byte, Gen.OneOf([.. "{}[]\":,\\u0dn \n"u8]));

    [Fact]
    public void A_mutated_request_is_either_read_or_refused_and_what_is_read_is_what_a_parser_reads() =>
        Gen.Select(JsonBodies.Chat, Gen.Select(Gen.Int[0, 3], Gen.Int[0, 100_000], Byte).Array[1, 4]).Sample(
            (json, mutations) =>
            {
                var body = Encoding.UTF8.GetBytes(json);
                foreach (var (kind, place, value) in mutations)
                {
                    body = Mutate(body, kind, place % (body.Length + 1), value);
                }

                Check(body);
            },
            iter: 10_000);

    [Fact]
    public void A_request_cut_off_anywhere_is_refused() =>
        JsonBodies.Chat.Sample(
            json =>
            {
                var body = Encoding.UTF8.GetBytes(json.Trim());
                for (var length = 0; length < body.Length; length++)
                {
                    Bodies.Refuse(body[..length]);
                }
            },
            iter: 20);

    private static byte[] Mutate(byte[] body, int kind, int at, byte value) => kind switch
    {
        0 => body[..at],
        1 => [.. body[..at], value, .. body[at..]],
        2 when at < body.Length => [.. body[..at], value, .. body[(at + 1)..]],
        3 when at < body.Length => [.. body[..at], (byte)(body[at] ^ (1 << (value & 7))), .. body[(at + 1)..]],
        _ => body,
    };

    private static void Check(byte[] body)
    {
        if (!RequestReader.TryRead(EndpointKind.ChatCompletions, body, null, out var request, out var error))
        {
            Assert.Equal(400, error.Status);
            Assert.False(string.IsNullOrEmpty(error.Message));
            return;
        }

        using var document = JsonDocument.Parse(request.Body, Deep);
        var root = document.RootElement;
        Assert.Equal(root.GetProperty("model").GetString(), request.Model);
        Assert.Equal(root.TryGetProperty("stream", out var stream) && stream.ValueKind is JsonValueKind.True, request.Stream);
        using var rewritten = JsonDocument.Parse(Bodies.Rewrite(request, "up", askUsage: true), Deep);
        Assert.Equal("up", rewritten.RootElement.GetProperty("model").GetString());
        Assert.False(rewritten.RootElement.TryGetProperty("fallbacks", out _));
    }
}
