using System.Runtime.InteropServices;
using System.Text;

namespace LlmGateway.Keys;

/// <summary>A generated secret in the data folder, readable by its owner only.</summary>
internal static partial class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int FileExists = 17;

    /// <summary>
    /// The text of the file. Where there is none, it is generated, complete from its first instant, and processes that start
    /// together agree on one.
    /// </summary>
    /// <exception cref="SecretUnusableException">The file can be neither read nor written.</exception>
    public static string ReadOrCreate(string path, Func<string> generate)
    {
        try
        {
            if (!File.Exists(path))
            {
                Create(path, generate());
            }

            return File.ReadAllText(path).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SecretUnusableException($"{path}: cannot be read or written: {exception.Message}", exception);
        }
    }

    /// <summary>Writes the file, whole or not at all, in the place of one that may be there.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var draft = WriteDraft(path, content);
        try
        {
            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static void Create(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var draft = WriteDraft(path, Encoding.UTF8.GetBytes(text + "\n"));
        try
        {
            PublishUnlessThere(draft, path);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static string WriteDraft(string path, ReadOnlySpan<byte> content)
    {
        var draft = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        try
        {
            using var stream = new FileStream(draft, options);
            stream.Write(content);
            stream.Flush(flushToDisk: true);
            return draft;
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    // File.Move looks first and renames then, which on Unix would replace the secret of a process that was quicker; link does not.
    private static void PublishUnlessThere(string draft, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                File.Move(draft, path);
            }
            catch (IOException) when (File.Exists(path))
            {
                return;
            }
        }
        else if (Link(draft, path) != 0 && Marshal.GetLastPInvokeError() is var error and not FileExists)
        {
            throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string created);
}
