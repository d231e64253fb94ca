using System.Globalization;
using LlmGateway.Configuration;

namespace LlmGateway.Limits.Redis;

/// <summary>
/// How many nodes there were at the last contact, in a file of the data folder: a node that starts while Redis is away is not the only one for
/// that, and takes no more than its share.
/// </summary>
internal sealed class KnownNodes(ISnapshotSource snapshots, ILogger<KnownNodes> logger)
{
    private const string Name = "redis.nodes";

    private int _written;

    /// <summary>One where nothing is known.</summary>
    public int Read()
    {
        try
        {
            var path = Path.Combine(snapshots.Current.DataFolder, Name);
            if (File.Exists(path) && int.TryParse(File.ReadAllText(path), NumberStyles.None, CultureInfo.InvariantCulture, out var nodes))
            {
                return _written = Math.Max(1, nodes);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            logger.NodesNotKept(failure);
        }

        return 1;
    }

    public void Write(int nodes)
    {
        var folder = snapshots.Current.DataFolder;
        if (nodes == _written || !Directory.Exists(folder))
        {
            return;
        }

        // Once: a disk that is full is told of where it matters.
        _written = nodes;
        try
        {
            var path = Path.Combine(folder, Name);
            File.WriteAllText($"{path}.new", nodes.ToString(CultureInfo.InvariantCulture));
            File.Move($"{path}.new", path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            logger.NodesNotKept(failure);
        }
    }
}
