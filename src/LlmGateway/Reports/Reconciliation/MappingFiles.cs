using LlmGateway.Configuration;

namespace LlmGateway.Reports.Reconciliation;

/// <summary>Where mapping files are: in the folder <c>reconcile</c> beside <c>gateway.yaml</c>.</summary>
internal static class MappingFiles
{
    /// <summary>The file of a name; or the path itself, where it is one.</summary>
    /// <exception cref="ReconciliationException">There is none of that name; the message lists those that there are.</exception>
    public static string Find(string nameOrPath, GatewayPaths paths) =>
        nameOrPath.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) ? nameOrPath : Named(nameOrPath, paths);

    /// <summary>The file of a name; never anything else, since others may say the name.</summary>
    /// <exception cref="ReconciliationException">There is none of that name.</exception>
    public static string Named(string name, GatewayPaths paths)
    {
        var folder = Path.Combine(Path.GetDirectoryName(paths.ConfigFile)!, "reconcile");
        var known = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.yaml").Select(static file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal).ToArray() : [];
        return known.Contains(name, StringComparer.Ordinal)
            ? Path.Combine(folder, name + ".yaml")
            : throw new ReconciliationException($"there is no mapping '{name}' in {folder}: there are {(known.Length == 0 ? "none" : string.Join(", ", known))}");
    }
}
