using CsCheck;
using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic.Index;
using LlmGateway.Caching.Semantic.Lasting;
using LlmGateway.Tests.Caching.Entries;

namespace LlmGateway.Tests.Caching.Semantic.Lasting;

public sealed class EntryCipherTests
{
    private static readonly CacheKey Space = SomeEntry.Key(1);
    private static readonly EntryId Id = new(1, 2);

    private readonly EntryCipher _cipher = new(CacheSecret.Of("secret"u8.ToArray()));

    [Fact]
    public void What_is_sealed_is_opened_and_is_not_to_be_read() =>
        Gen.Byte.Array[0, 400].Sample(text =>
        {
            var closed = _cipher.Seal(SealPurpose.Entry, Space, Id, text);
            Assert.Equal(text, _cipher.Open(SealPurpose.Entry, Space, Id, closed));
            Assert.Equal(text.Length + EntryCipher.Overhead, closed.Length);
            Assert.True(text.Length < 8 || closed.AsSpan().IndexOf(text) < 0);
            Assert.NotEqual(closed, _cipher.Seal(SealPurpose.Entry, Space, Id, text));
        });

    [Fact]
    public void Nothing_is_opened_that_was_altered_or_cut() =>
        Gen.Select(Gen.Byte.Array[0, 60], Gen.Int[0, 1000], Gen.Int[1, 255]).Sample((text, at, by) =>
        {
            var closed = _cipher.Seal(SealPurpose.Entry, Space, Id, text);
            Assert.Null(_cipher.Open(SealPurpose.Entry, Space, Id, closed.AsSpan(0, at % closed.Length)));
            closed[at % closed.Length] ^= (byte)by;
            Assert.Null(_cipher.Open(SealPurpose.Entry, Space, Id, closed));
        });

    [Fact]
    public void Nor_with_another_secret_or_in_the_place_of_something_else()
    {
        var closed = _cipher.Seal(SealPurpose.Entry, Space, Id, "a question"u8);
        Assert.Null(new EntryCipher(CacheSecret.Of("another"u8.ToArray())).Open(SealPurpose.Entry, Space, Id, closed));
        Assert.Null(_cipher.Open(SealPurpose.Answer, Space, Id, closed));
        Assert.Null(_cipher.Open(SealPurpose.Entry, SomeEntry.Key(2), Id, closed));
        Assert.Null(_cipher.Open(SealPurpose.Entry, Space, new EntryId(1, 3), closed));
    }
}
