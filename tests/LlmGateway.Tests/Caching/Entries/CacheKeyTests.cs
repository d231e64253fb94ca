using System.Security.Cryptography;
using LlmGateway.Caching.Entries;

namespace LlmGateway.Tests.Caching.Entries;

public sealed class CacheKeyTests
{
    [Fact]
    public void It_is_the_hash_with_the_secret_in_hexadecimal_digits()
    {
        var expected = HMACSHA256.HashData("secret"u8, "a prompt"u8);
        var key = CacheKey.Of("secret"u8, "a prompt"u8);
        Assert.Equal(Convert.ToHexStringLower(expected), key.ToString());
        Assert.Equal(key, CacheKey.Read(expected));
        var written = new byte[CacheKey.Length];
        key.Write(written);
        Assert.Equal(expected, written);
    }

    [Fact]
    public void Another_secret_or_another_request_is_another_key()
    {
        var key = CacheKey.Of("secret"u8, "a prompt"u8);
        Assert.NotEqual(key, CacheKey.Of("Secret"u8, "a prompt"u8));
        Assert.NotEqual(key, CacheKey.Of("secret"u8, "a prompt "u8));
    }
}
