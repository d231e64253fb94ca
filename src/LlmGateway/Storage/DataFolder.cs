namespace LlmGateway.Storage;

/// <summary>The folder that one gateway keeps its data in, held exclusively until disposed.</summary>
internal sealed class DataFolder : IDisposable
{
    private const int LockedOnLinux = 11;
    private const int LockedOnMac = 35;
    private const int LockedOnWindows = unchecked((int)0x80070020);
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <summary>Creates the folder when it is not there, checks that it can be written, and takes it.</summary>
    /// <exception cref="StorageException">It cannot be written, or another gateway has it.</exception>
    public static DataFolder Take(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        try
        {
            Create(path);
            return new DataFolder(path, Lock(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"data folder {path} cannot be written ({error.Message}): mend its permissions, or choose another with --data", error);
        }
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>Makes the folder when it is not there, for its owner only: the database in it names users and what they cost.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly);
        }
    }

    // The lock is the operating system's (flock) and dies with the process; the files stay behind and mean nothing by themselves.
    // The process id is in a file of its own, since nobody else can read the locked one.
    private static FileStream Lock(string folder)
    {
        var pid = System.IO.Path.Combine(folder, "gateway.pid");
        FileStream file;
        try
        {
            file = new FileStream(System.IO.Path.Combine(folder, "gateway.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException error) when (error.HResult is LockedOnLinux or LockedOnMac or LockedOnWindows)
        {
            throw new StorageException($"data folder {folder} is in use by another gateway{Holder(pid)}: stop it, or choose another folder with --data", error);
        }

        try
        {
            File.WriteAllText(pid, $"{Environment.ProcessId}\n");
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static string Holder(string pid) =>
        File.Exists(pid) && int.TryParse(File.ReadAllText(pid), out var process) ? $" (process {process})" : "";
}
