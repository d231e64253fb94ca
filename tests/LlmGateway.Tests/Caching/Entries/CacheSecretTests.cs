using LlmGateway.Caching.Entries;
using LlmGateway.Catalog;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmGateway.Tests.Caching.Entries;

public sealed class CacheSecretTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cache-secret-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void It_stays_the_same_over_a_restart_and_is_its_owners_only()
    {
        var secret = Load().Current;
        Assert.Equal(CacheKey.Length, secret.Length);
        Assert.Equal(secret.ToArray(), Load().Current.ToArray());
        Assert.Equal([Path.Combine(_folder, "cache.key")], Directory.GetFiles(_folder));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "cache.key")));
        }
    }

    [Theory]
    [InlineData("no digits")]
    [InlineData("00ff")]
    [InlineData("")]
    public void A_file_that_cannot_be_read_is_no_reason_not_to_start(string content)
    {
        File.WriteAllText(Path.Combine(_folder, "cache.key"), content);
        Assert.Equal(CacheKey.Length, Load().Current.Length);
        Assert.Equal(content, File.ReadAllText(Path.Combine(_folder, "cache.key")));
    }

    [Fact]
    public void What_nodes_agree_on_takes_the_place_of_one_that_was_made_but_not_of_a_configured_one()
    {
        byte[] agreed = [1, 2, 3];
        var made = Load();
        made.Agree([]);
        Assert.Equal((byte[])made.Proposal!, made.Current.ToArray());
        made.Agree(agreed);
        Assert.Equal(agreed, made.Current.ToArray());

        var configured = CacheSecret.For(new Secret("abc"), _folder, NullLogger<CacheSecret>.Instance);
        configured.Agree(agreed);
        Assert.Equal("abc"u8.ToArray(), configured.Current.ToArray());
        Assert.True(configured.Proposal.IsNullOrEmpty);
    }

    private CacheSecret Load() => CacheSecret.Load(_folder, NullLogger<CacheSecret>.Instance);
}
