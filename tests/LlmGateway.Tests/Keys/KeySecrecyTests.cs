using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using LlmGateway.Catalog;
using LlmGateway.Keys;
using LlmGateway.Keys.Stores;

namespace LlmGateway.Tests.Keys;

public sealed class KeySecrecyTests : IDisposable
{
    private readonly KeyBench _bench = new(FakeSnapshots.Key("ci", "sk-configured-0123456789"));

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void No_secret_reaches_a_file_of_the_data_folder_or_the_log()
    {
        var (record, first) = _bench.Create();
        var second = _bench.Store.Rotate(record.Key.Id, "test", TimeSpan.FromHours(1)).Secret!.Reveal();
        foreach (var key in new[] { first, second, "sk-nobody-0123456789", "sk-configured-0123456789" })
        {
            _bench.Enter(("api-key", key));
        }

        var stored = Directory.GetFiles(_bench.Folder).Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file))).ToList();
        Assert.Contains(stored, text => text.Contains(record.Key.Id, StringComparison.Ordinal));
        foreach (var random in new[] { first[7..^4], second[7..^4], "configured-0123456789", "nobody-0123456789" })
        {
            Assert.DoesNotContain(stored, text => text.Contains(random, StringComparison.Ordinal));
            Assert.DoesNotContain(_bench.Log.Lines, line => line.Contains(random, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_database_alone_does_not_tell_whether_a_guess_is_right()
    {
        var (_, secret) = _bench.Create();
        var plain = KeyHash.Read(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

        Assert.DoesNotContain(StoreRows.Read(_bench.Stored).ToSecrets().Secrets, stored => stored.Hash == plain);
        Assert.NotEqual(_bench.Hasher.Hash(secret), new KeyHasher(new Secret(new string('x', 32))).Hash(secret));
    }

    [Fact]
    public void No_type_shows_a_secret_as_text()
    {
        const string text = "sk-very-secret-0123456789";
        var secret = new Secret(text);
        var shown = new List<string?>
        {
            new KeyHasher(new Secret(text + text)).ToString(),
            new PresentedKey(text, null).ToString(),
            _bench.Hasher.Hash(text).ToString(),
            new KeyChange(KeyChangeStatus.Done, null, secret).ToString(),
            FakeSnapshots.Key("name", text).ToString(),
        };

        Assert.All(shown, line => Assert.DoesNotContain("very-secret", line, StringComparison.Ordinal));
    }

    // Whoever adds a type that carries a key's text must decide what its ToString shows, and say so in the test above.
    [Fact]
    public void Only_known_types_of_the_room_hold_a_key_in_a_record()
    {
        var holders = typeof(KeyStore).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(KeyStore).Namespace && !type.IsDefined(typeof(CompilerGeneratedAttribute)))
            .Where(type => type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null)
            .Where(type => type.GetProperties().Any(property => property.PropertyType == typeof(Secret) || property.PropertyType == typeof(KeyHash) || property.Name == "Text"))
            .Select(type => type.Name).Order();

        Assert.Equal([nameof(KeyChange), nameof(PresentedKey), nameof(StoredSecret)], holders);
    }
}
