using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using LlmGateway.Protocols.OpenAI;

namespace LlmGateway.Protocols.Tests.OpenAI;

public sealed class ChatChunkPropertyTests
{
    [Fact]
    public void Any_order_of_members_blanks_and_escapes_tells_the_same_facts() =>
        Gen.Select(Gen.OneOf(Chunks.All), Gen.Int).Sample((json, seed) =>
        {
            var expected = Chunks.Scan(json);
            var rewritten = new JsonScribe(seed).Write(JsonNode.Parse(json));
            var facts = Chunks.Scan(rewritten);
            Assert.Equal(Summary(json, expected), Summary(rewritten, facts));
        });

    [Fact]
    public void Removing_usage_leaves_every_other_token_alone() =>
        Gen.Select(Gen.OneOf(Chunks.All), Gen.Int).Sample((json, seed) =>
        {
            var rewritten = new JsonScribe(seed).Write(JsonNode.Parse(json));
            var removed = Chunks.RemoveUsage(rewritten);
            Assert.Equal(0, Chunks.Scan(removed).UsageMembers.Length);
            Assert.True(JsonNode.DeepEquals(Without(JsonNode.Parse(rewritten)!), JsonNode.Parse(removed)), removed);
            Assert.True(IsSubsequence(removed, rewritten));
        });

    [Fact]
    public void Random_bytes_never_throw() =>
        Gen.Byte.Array[0, 300].Sample(bytes => Survive(bytes));

    [Fact]
    public void Mutated_chunks_never_throw_and_stay_json_if_they_were() =>
        Gen.Select(Gen.OneOf(Chunks.All), Gen.Select(Gen.Int[0, 400], Gen.Byte, Gen.Int[0, 5]).Array[1, 4]).Sample((json, mutations) =>
        {
            var bytes = Encoding.UTF8.GetBytes(json).ToList();
            foreach (var (at, value, kind) in mutations)
                Mutate(bytes, at % bytes.Count, value, kind);
            Survive([.. bytes]);
        }, iter: 5000);

    private static void Survive(byte[] bytes)
    {
        ChatChunkScanner.Scan(bytes, out var facts, text: new System.Buffers.ArrayBufferWriter<byte>());
        AnswerScanner.Scan(bytes, out _, text: new System.Buffers.ArrayBufferWriter<byte>());
        var length = ChatChunkScanner.RemoveUsage(bytes, facts);
        ChatChunkScanner.Scan(bytes.AsSpan(0, length), out var after);
        Assert.Equal(facts.IsMalformed, after.IsMalformed);
        Assert.Equal(0, after.UsageMembers.Length);
    }

    private static void Mutate(List<byte> bytes, int at, byte value, int kind)
    {
        if (kind == 0 && bytes.Count > 1)
            bytes.RemoveAt(at);
        else if (kind == 1)
            bytes.Insert(at, (byte)"{}[]\",:\\u0n "[value % 12]);
        else if (kind == 2)
            bytes.InsertRange(at, bytes.GetRange(at, Math.Min(value, bytes.Count - at)));
        else
            bytes[at] = value;
    }

    private static string Summary(string json, ChatChunkFacts facts)
    {
        var model = JsonNode.Parse("\"" + Encoding.UTF8.GetString(facts.Model.In(Encoding.UTF8.GetBytes(json))) + "\"")!.GetValue<string>();
        return $"{facts.IsMalformed} {facts.HasError} {facts.HasUsage} {facts.Usage} {facts.IsPureUsage} {facts.HasContent} {facts.HasRole} {model} {facts.UsageMembers.Length}";
    }

    private static JsonNode Without(JsonNode chunk)
    {
        var root = chunk.AsObject();
        root.Remove("usage");
        (root["x_groq"] as JsonObject)?.Remove("usage");
        foreach (var choice in root["choices"] as JsonArray ?? [])
            choice!.AsObject().Remove("usage");
        return root;
    }

    private static bool IsSubsequence(string part, string whole)
    {
        var at = 0;
        foreach (var letter in whole)
            at += at < part.Length && part[at] == letter ? 1 : 0;
        return at == part.Length;
    }
}
