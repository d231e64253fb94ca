using LlmGateway.Storage;

namespace LlmGateway.Tests.Storage;

public sealed class DataFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("data-folder-").FullName;

    [Fact]
    public void A_new_folder_is_its_owners_alone()
    {
        using var folder = DataFolder.Take(Path.Combine(_root, "a", "b"));
        Assert.True(Directory.Exists(folder.Path));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Path));
        }
    }

    [Fact]
    public void Two_gateways_never_share_a_folder()
    {
        using (DataFolder.Take(_root))
        {
            var error = Assert.Throws<StorageException>(() => DataFolder.Take(_root));
            Assert.Contains($"in use by another gateway (process {Environment.ProcessId})", error.Message, StringComparison.Ordinal);
        }

        using var again = DataFolder.Take(_root);
        Assert.Equal(_root, again.Path);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_one_clear_line()
    {
        var file = Path.Combine(_root, "file");
        File.WriteAllText(file, "");
        var error = Assert.Throws<StorageException>(() => DataFolder.Take(Path.Combine(file, "data")));
        Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
        Assert.Contains("--data", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
