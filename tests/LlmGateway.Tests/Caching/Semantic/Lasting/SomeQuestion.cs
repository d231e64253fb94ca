using CsCheck;
using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic;
using LlmGateway.Caching.Semantic.Index;
using LlmGateway.Caching.Semantic.Text;
using LlmGateway.Tests.Caching.Entries;

namespace LlmGateway.Tests.Caching.Semantic.Lasting;

/// <summary>Entries as they are learned, told and kept.</summary>
internal static class SomeQuestion
{
    public const int Dimensions = 40;
    public const string Embedder = "builtin";

    public static readonly CacheKey Space = SomeEntry.Key(-1);
    public static readonly PartitionKey Partition = new(1, 2, 3, 4);

    public static readonly Gen<StoredVector> Vectors =
        from sketch in Gen.ULong.Array[1]
        from codes in Gen.SByte.Array[Dimensions]
        from scale in Gen.Float[0.001f, 1f]
        select new StoredVector(sketch, codes, scale);

    public static readonly Gen<SemanticEntry> Entries =
        from number in Gen.Int[0, 20]
        from texts in Gen.String[Gen.Char.AlphaNumeric, 0, 30].Array[7]
        from hasUser in Gen.Bool
        from seconds in Gen.Int[1, 5]
        from numbers in Gen.Long.Array[1]
        from bytes in Gen.Int[0, int.MaxValue]
        select new SemanticEntry
        {
            Key = SomeEntry.Key(number),
            Partition = Partition,
            Space = Space,
            Text = texts[0],
            Equality = SemanticEntries.EqualityOf(TextFacts.Of(texts[0]).Equality),
            Writer = new SemanticAsker(texts[1], texts[2], texts[3], hasUser ? texts[4] : null, texts[5], texts[6], "chat"),
            ExpiresAt = SomeEntry.Now.AddSeconds(seconds),
            Saved = numbers[0],
            AnswerBytes = bytes,
        };

    /// <param name="equal">What makes questions equal.</param>
    public static SemanticEntry Of(int number, string? equal = null, int seconds = 60) => new()
    {
        Key = SomeEntry.Key(number),
        Partition = Partition,
        Space = Space,
        Text = $"question {number}",
        Equality = SemanticEntries.EqualityOf(equal ?? $"{number}"),
        Writer = new SemanticAsker("acme", "search", "key_1", null, $"req-{number}", $"op-{number}"),
        ExpiresAt = SomeEntry.Now.AddSeconds(seconds),
        Saved = 10,
        AnswerBytes = 100,
    };

    public static StoredVector Vector(int seed)
    {
        var random = new Random(seed);
        var codes = new sbyte[Dimensions];
        random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(codes.AsSpan()));
        return new StoredVector([(ulong)random.NextInt64()], codes, 0.01f);
    }
}
