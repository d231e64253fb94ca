using LlmGateway.Keys;

namespace LlmGateway.Tests.Keys;

public sealed class SecretFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmgateway-secrets-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_generated_hash_secret_is_32_bytes_readable_by_its_owner_only_and_stays()
    {
        var first = KeyHasher.Load(_folder, null);
        var path = Path.Combine(_folder, KeyHasher.FileName);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(path).UnixFileMode);
        Assert.Equal(32, Convert.FromHexString(File.ReadAllText(path).Trim()).Length);
        Assert.Equal(first.Hash("sk-x"), KeyHasher.Load(_folder, null).Hash("sk-x"));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void The_text_of_the_file_may_be_given_to_another_node_by_its_environment()
    {
        var first = KeyHasher.Load(_folder, null);
        var text = File.ReadAllText(Path.Combine(_folder, KeyHasher.FileName));
        var elsewhere = Path.Combine(_folder, "elsewhere");

        Assert.Equal(first.Hash("sk-x"), KeyHasher.Load(elsewhere, text).Hash("sk-x"));
        Assert.False(Directory.Exists(elsewhere));
    }

    [Fact]
    public void Many_that_start_together_agree_on_one_secret()
    {
        for (var round = 0; round < 20; round++)
        {
            var path = Path.Combine(_folder, $"secret-{round}");
            using var start = new Barrier(8);
            var read = new string[8];
            var threads = Enumerable.Range(0, 8).Select(i => new Thread(() =>
            {
                start.SignalAndWait();
                read[i] = SecretFile.ReadOrCreate(path, () => $"secret of {i}");
            })).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());

            Assert.Single(read.Distinct());
        }
    }

    [Theory]
    [InlineData("short")]
    [InlineData("0123456789012345678901234567890")]
    public void A_hash_secret_that_is_too_short_is_an_error_that_names_the_variable_and_not_the_secret(string secret)
    {
        var error = Assert.Throws<SecretUnusableException>(() => KeyHasher.Load(_folder, secret));

        Assert.StartsWith("LLMGATEWAY_KEY_HASH_SECRET: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_lost_its_text_is_an_error_and_not_a_new_secret()
    {
        File.WriteAllText(Path.Combine(_folder, KeyHasher.FileName), "");

        Assert.Throws<SecretUnusableException>(() => KeyHasher.Load(_folder, null));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");

        Assert.Contains(file, Assert.Throws<SecretUnusableException>(() => KeyHasher.Load(file, null)).Message, StringComparison.Ordinal);
    }
}
