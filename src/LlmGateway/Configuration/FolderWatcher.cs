namespace LlmGateway.Configuration;

/// <summary>
/// Tells that something may have changed in some folders. The system's announcements are only a hint: editors replace files by
/// renaming, Kubernetes swaps a symbolic link, network file systems say nothing at all. So announcements are gathered until they
/// pause, files are also looked at now and then, and the receiver compares contents.
/// </summary>
internal sealed class FolderWatcher : IDisposable
{
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, FileSystemWatcher?> _folders = new(StringComparer.Ordinal);
    private readonly ILogger _logger;
    private readonly ITimer _debounce;
    private readonly ITimer _poll;

    public FolderWatcher(TimeProvider time, ILogger logger, Action mayHaveChanged)
    {
        _logger = logger;
        _debounce = time.CreateTimer(_ => mayHaveChanged(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _poll = time.CreateTimer(_ => mayHaveChanged(), null, Interval, Interval);
    }

    /// <summary>Watches these folders too. Not thread-safe.</summary>
    public void Watch(IEnumerable<string> folders)
    {
        foreach (var folder in folders)
        {
            if (!_folders.ContainsKey(folder))
            {
                _folders.Add(folder, TryWatch(folder));
            }
        }
    }

    public void Dispose()
    {
        foreach (var watcher in _folders.Values)
        {
            watcher?.Dispose();
        }

        _debounce.Dispose();
        _poll.Dispose();
    }

    private FileSystemWatcher? TryWatch(string folder)
    {
        try
        {
            var watcher = new FileSystemWatcher(folder);
            watcher.Changed += (_, _) => Touched();
            watcher.Created += (_, _) => Touched();
            watcher.Deleted += (_, _) => Touched();
            watcher.Renamed += (_, _) => Touched();
            watcher.Error += (_, _) => Touched();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception reason) when (reason is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // The folder is missing, or the system has no watches left (fs.inotify.max_user_instances).
            ConfigurationLog.NotWatched(_logger, folder, Interval.TotalSeconds, reason);
            return null;
        }
    }

    private void Touched() => _debounce.Change(Pause, Timeout.InfiniteTimeSpan);
}
