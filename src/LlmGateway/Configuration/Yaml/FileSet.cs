using LlmGateway.Configuration.Settings;

namespace LlmGateway.Configuration.Yaml;

/// <summary>Reads <c>gateway.yaml</c> and all that it includes into one mapping.</summary>
/// <param name="running">A gateway serves by what was read before.</param>
internal sealed class FileSet(string rootPath, FileLog log, ReadContext context, bool running)
{
    private const int MaxFiles = 100;
    private const string Include = "include";

    private static readonly ListType<string> Names = new(ScalarTypes.Find(typeof(string))!);

    private readonly string _folder = Path.GetDirectoryName(rootPath)!;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly List<YamlMapping> _files = [];

    /// <summary>Everything of every file.</summary>
    /// <param name="rootText">Stands for the content of <c>gateway.yaml</c>; null to read the file.</param>
    public YamlMapping Read(string? rootText)
    {
        var root = FileAt(rootPath);
        var failure = "";
        var text = rootText ?? log.Read(rootPath, secret: false, out failure);
        if (text is null)
        {
            context.Problems.Error(
                new Position(root, 1, 1), SettingPath.Root, $"cannot be read, {failure}", "create it, or name another with --config");
        }
        else
        {
            _read.Add(rootPath);
            Add(text, root);
        }

        return new SectionMerger(context.Problems).Merge(_files, new Position(root, 1, 1));
    }

    private void Add(string text, ConfigFile file)
    {
        if (running && string.IsNullOrWhiteSpace(text))
        {
            // Who saves a file in place makes it empty first, and with a full disk it stays so: all routes or keys would be gone.
            context.Problems.Error(
                new Position(file, 1, 1), SettingPath.Root, "is empty, as a file is that is half saved", "write it again; a comment is enough for one that holds nothing");
            return;
        }

        if (YamlReader.Read(text, file, context.Problems) is not { } mapping)
        {
            return;
        }

        _files.Add(mapping);
        if (mapping.Entries.FirstOrDefault(entry => entry.Name == Include) is not { } include)
        {
            return;
        }

        var path = SettingPath.Root.Then(Include);
        context.Place(path, include.At, include.Value.At);
        if (Names.Read(include.Value, path, context) is List<string> names)
        {
            for (var i = 0; i < names.Count; i++)
            {
                if (names[i].Length > 0)
                {
                    AddIncluded(names[i], path.At(i));
                }
            }
        }
    }

    private void AddIncluded(string name, SettingPath path)
    {
        var full = Path.GetFullPath(Path.Combine(_folder, name));
        var inside = Path.GetRelativePath(_folder, full);
        if (Path.IsPathRooted(inside) || inside.Split('/', '\\')[0] == "..")
        {
            context.Error(path, $"{Shown.Text(name)} is outside of the configuration folder", "move the file into it");
        }
        else if (!_read.Add(full))
        {
            context.Error(path, $"{Shown.Text(name)} is included twice, or includes itself", "include it once");
        }
        else if (_read.Count > MaxFiles)
        {
            context.Error(path, $"more than {MaxFiles} files", "put several into one");
        }
        else if (log.Read(full, secret: false, out var failure) is { } text)
        {
            Add(text, FileAt(full));
        }
        else
        {
            context.Error(path, $"{Shown.Text(name)} cannot be read, {failure}", "create it, or remove it from include");
        }
    }

    private ConfigFile FileAt(string fullPath) =>
        new(fullPath, Path.GetRelativePath(Path.GetDirectoryName(_folder) ?? _folder, fullPath).Replace('\\', '/'));
}
